#include "session/handoff.h"

#include <assert.h>
#include <string.h>

#include "base/little_endian.h"
#include "base/packed_texts.h"

#define FORMAT 1
/* format, nonce, at, expires, confine, lifetime, limits_sessions */
#define HEAD (1 + HANDOFF_NONCE_LEN + 8 + 8 + 1 + 1 + 1)
/* In the order of the bytes. */
static const struct text_member TEXTS[] = {
    {TEXT_MEMBER(struct handoff, id)},
    {TEXT_MEMBER(struct handoff, user)},
    {TEXT_MEMBER(struct handoff, service)},
    {TEXT_MEMBER(struct handoff, need)},
    {TEXT_MEMBER(struct handoff, name)},
    {TEXT_MEMBER(struct handoff, scopes)},
    {TEXT_MEMBER(struct handoff, ticket)},
};

#define TEXT_COUNT (sizeof(TEXTS) / sizeof(TEXTS[0]))

static_assert(sizeof(struct handoff) + HEAD + TEXT_COUNT * PACKED_TEXT_HEAD +
	    CRYPTO_HASH_LEN <=
	HANDOFF_BYTES_MAX,
    "the largest record must fit");

static void
seal(uint8_t mac[CRYPTO_HASH_LEN], enum crypto_name kind,
    const struct process *process, const uint8_t key[CRYPTO_KEY_LEN],
    const uint8_t *bytes, size_t len)
{
	char name[PROCESS_NAME_LEN + 1];

	process_name(process, name);
	crypto_mac(mac, key, kind, name, bytes, len);
}

static uint8_t *
put_head(uint8_t *out, const struct handoff *handoff)
{
	*out++ = FORMAT;
	memcpy(out, handoff->nonce, HANDOFF_NONCE_LEN);
	out += HANDOFF_NONCE_LEN;
	out = little_endian_put(out, (uint64_t)handoff->at, 8);
	out = little_endian_put(out, (uint64_t)handoff->expires, 8);
	*out++ = (uint8_t)handoff->confine;
	*out++ = (uint8_t)handoff->lifetime;
	*out++ = handoff->limits_sessions;
	return out;
}

enum err
handoff_encode(const struct handoff *handoff, const struct process *process,
    const uint8_t key[CRYPTO_KEY_LEN], uint8_t bytes[HANDOFF_BYTES_MAX],
    size_t *len)
{
	uint8_t *out = put_head(bytes, handoff);
	size_t size = packed_texts_put(out, handoff, TEXTS, TEXT_COUNT);

	if (size == 0)
		return ERR_INTERNAL;
	out += size;
	*len = (size_t)(out - bytes);
	seal(out, CRYPTO_NAME_HANDOFF, process, key, bytes, *len);
	*len += CRYPTO_HASH_LEN;
	return ERR_OK;
}

/* Takes a time from *bytes. No difference of two may overflow. */
static bool
take_time(int64_t *when, const uint8_t **bytes)
{
	uint64_t value = little_endian_take(bytes, 8);

	*when = (int64_t)value;
	return value <= INT64_MAX;
}

/* Reads a record whose MAC was right: HEAD bytes at least. */
static bool
take_all(struct handoff *handoff, const uint8_t *bytes, size_t len)
{
	if (*bytes++ != FORMAT)
		return false;
	memcpy(handoff->nonce, bytes, HANDOFF_NONCE_LEN);
	bytes += HANDOFF_NONCE_LEN;
	if (!take_time(&handoff->at, &bytes) ||
	    !take_time(&handoff->expires, &bytes))
		return false;
	if (*bytes > CONFINE_PROCESS)
		return false;
	handoff->confine = (enum confine_mode) * bytes++;
	if (*bytes > RECORD_UNTIL_LOGOUT)
		return false;
	handoff->lifetime = (enum record_lifetime) * bytes++;
	if (*bytes > 1)
		return false;
	handoff->limits_sessions = *bytes++ != 0;
	return packed_texts_take(
		   handoff, TEXTS, TEXT_COUNT, bytes, len - HEAD) &&
	    token_id_valid(handoff->id);
}

enum err
handoff_decode(struct handoff *handoff, const struct process *process,
    const uint8_t key[CRYPTO_KEY_LEN], const uint8_t *bytes, size_t len)
{
	uint8_t mac[CRYPTO_HASH_LEN];

	*handoff = (struct handoff){0};
	if (len < HEAD + CRYPTO_HASH_LEN)
		return ERR_DAMAGED;
	len -= CRYPTO_HASH_LEN;
	seal(mac, CRYPTO_NAME_HANDOFF, process, key, bytes, len);
	if (!crypto_equal(mac, bytes + len))
		return ERR_DAMAGED;
	if (take_all(handoff, bytes, len))
		return ERR_OK;
	*handoff = (struct handoff){0};
	return ERR_DAMAGED;
}

static const char DIGITS[] = "0123456789abcdef";

void
handoff_prove(char proof[HANDOFF_PROOF_LEN + 1],
    const uint8_t nonce[HANDOFF_NONCE_LEN], const struct process *process,
    const uint8_t key[CRYPTO_KEY_LEN])
{
	uint8_t bytes[HANDOFF_NONCE_LEN + CRYPTO_HASH_LEN];

	memcpy(bytes, nonce, HANDOFF_NONCE_LEN);
	seal(bytes + HANDOFF_NONCE_LEN, CRYPTO_NAME_PROOF, process, key, nonce,
	    HANDOFF_NONCE_LEN);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		*proof++ = DIGITS[bytes[i] >> 4];
		*proof++ = DIGITS[bytes[i] & 0xf];
	}
	*proof = '\0';
}

bool
handoff_is_proof(const char *text)
{
	return strlen(text) == HANDOFF_PROOF_LEN &&
	    strspn(text, DIGITS) == HANDOFF_PROOF_LEN;
}

/* The value of one of DIGITS. */
static unsigned
digit_value(char digit)
{
	return (unsigned)(strchr(DIGITS, digit) - DIGITS);
}

bool
handoff_check_proof(const char *text, uint8_t nonce[HANDOFF_NONCE_LEN],
    const struct process *process, const uint8_t key[CRYPTO_KEY_LEN])
{
	uint8_t bytes[HANDOFF_NONCE_LEN + CRYPTO_HASH_LEN];
	uint8_t mac[CRYPTO_HASH_LEN];

	if (!handoff_is_proof(text))
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(digit_value(text[2 * i]) << 4 |
		    digit_value(text[2 * i + 1]));
	seal(mac, CRYPTO_NAME_PROOF, process, key, bytes, HANDOFF_NONCE_LEN);
	if (!crypto_equal(mac, bytes + HANDOFF_NONCE_LEN))
		return false;
	memcpy(nonce, bytes, HANDOFF_NONCE_LEN);
	return true;
}

static bool
is_same(const char *text, const char *recorded)
{
	return text != NULL && strcmp(text, recorded) == 0;
}

/* What is wrong with the record; NULL: nothing. */
static const char *
objection(const struct handoff_evidence *evidence)
{
	const struct handoff *handoff = evidence->handoff;

	/* If the record or the key could not be read, why is set already. */
	if (evidence->record == HANDOFF_BAD_RECORD ||
	    evidence->proof == HANDOFF_UNKNOWN_PROOF)
		return NULL;
	if (evidence->record == HANDOFF_NO_RECORD)
		return "its record has been removed";
	if (evidence->proof != HANDOFF_PROOF ||
	    !crypto_equal(evidence->nonce, handoff->nonce))
		return "the PAM environment has lost its proof";
	if (!is_same(evidence->user, handoff->user))
		return "the host changed the user after authentication";
	if (!is_same(evidence->service, handoff->service))
		return "the host changed the service after authentication";
	if (evidence->now < handoff->at ||
	    evidence->now - handoff->at > HANDOFF_AGE_MAX)
		return "authentication was too long ago";
	return NULL;
}

enum handoff_outcome
handoff_verdict(const struct handoff_evidence *evidence, struct error *why)
{
	const char *text;

	if (evidence->record == HANDOFF_NO_RECORD &&
	    (evidence->proof == HANDOFF_NO_PROOF ||
		evidence->proof == HANDOFF_FALSE_PROOF))
		return HANDOFF_NOTHING;
	text = objection(evidence);
	if (text != NULL)
		(void)error_set(why, ERR_REFUSED, "%s", text);
	return text == NULL && evidence->record == HANDOFF_RECORD &&
		evidence->proof == HANDOFF_PROOF
	    ? HANDOFF_TOKEN
	    : HANDOFF_REFUSED;
}
