#include "fleet/fleet_record.h"

#include <assert.h>
#include <string.h>

#include "base/big_endian.h"
#include "base/list.h"

#define FORMAT 1
#define FIELD_HEAD 6 /* tag and length */
#define NETWORK_BYTES 17
#define HASH_PREFIX "apitoken fleet record 1" /* with its NUL */

enum form {
	FORM_KIND,     /* 1 byte, an enum fleet_kind */
	FORM_DIGEST,   /* a hash */
	FORM_STATE,    /* 1 byte, an enum record_state */
	FORM_TEXT,     /* as is_valid says */
	FORM_LIST,     /* of words, see list.h: as is_valid says of each */
	FORM_NETWORKS, /* address and prefix of each */
	FORM_TIME,     /* 8 bytes; 0 is left out */
	FORM_UID,      /* 4 bytes, if has_uid */
	FORM_FLAG,     /* 1 byte, which is 1; false is left out */
};

struct field {
	uint16_t tag; /* part of the protocol: never reuse one */
	enum form form;
	bool of_token, of_revoke; /* who may have it */
	bool is_needed;           /* and has to */
	size_t offset, size;
	bool (*is_valid)(const char *text);
};

#define MEMBER(member)                                                         \
	offsetof(struct fleet_record, member),                                 \
	    sizeof(((struct fleet_record *)NULL)->member)

static bool
is_user(const char *text)
{
	return parse_is_printable(text, RECORD_USER_MAX);
}

static bool
is_sentence(const char *text)
{
	return parse_is_printable(text, RECORD_REASON_MAX);
}

/* In ascending order of tag: this is the order of the bytes. */
static const struct field FIELDS[] = {
    {1, FORM_KIND, true, true, true, MEMBER(kind), NULL},
    {2, FORM_DIGEST, true, false, true, MEMBER(token.digest), NULL},
    {3, FORM_STATE, true, false, true, MEMBER(token.state), NULL},
    {4, FORM_TEXT, true, false, true, MEMBER(token.user), is_user},
    {5, FORM_UID, true, false, false, MEMBER(token.uid), NULL},
    {6, FORM_TEXT, true, false, true, MEMBER(token.name), parse_is_name},
    {7, FORM_LIST, true, false, true, MEMBER(token.services),
	parse_is_service_or_group},
    {8, FORM_LIST, true, false, false, MEMBER(token.scopes), parse_is_scope},
    {9, FORM_NETWORKS, true, false, false, MEMBER(token.from), NULL},
    {10, FORM_TIME, true, false, false, MEMBER(token.starts), NULL},
    {11, FORM_TIME, true, true, true, MEMBER(token.expires), NULL},
    {12, FORM_TIME, true, false, true, MEMBER(token.created.at), NULL},
    {13, FORM_TIME, true, true, false, MEMBER(token.ended.at), NULL},
    {14, FORM_TEXT, true, true, false, MEMBER(token.ended.by), is_sentence},
    {15, FORM_TEXT, true, true, false, MEMBER(token.ended.reason), is_sentence},
    {16, FORM_LIST, true, false, false, MEMBER(hosts), parse_is_host},
    {17, FORM_LIST, true, false, false, MEMBER(groups), parse_is_host},
    {18, FORM_FLAG, true, true, false, MEMBER(ends_sessions), NULL},
};

#define FIELD_COUNT (sizeof(FIELDS) / sizeof(FIELDS[0]))

/* Texts of this one record are a good part of both. */
static_assert(sizeof(struct fleet_record) + FIELD_COUNT * FIELD_HEAD <=
	FLEET_RECORD_MAX + 2048,
    "the largest record must fit");

/* Whether a list is what list_parse would make of it, and not too long. */
static bool
is_list(const char *text, const struct field *field)
{
	char list[FLEET_HOSTS_LEN], bad[LIST_WORD_MAX + 1];
	const char *rest = text;
	size_t count = 0;

	static_assert(sizeof(list) > RECORD_SERVICES_MAX, "any list fits");
	if (!list_parse(text, field->is_valid, list, field->size, bad) ||
	    strcmp(list, text) != 0)
		return false;
	while (list_next(&rest, bad))
		count++;
	return field->is_valid != parse_is_host || count <= FLEET_HOSTS_MAX;
}

static bool
is_time(int64_t when, const struct field *field)
{
	bool may_be_never = field->offset ==
	    offsetof(struct fleet_record, token.expires);

	return (when > 0 && when <= FLEET_TIME_MAX) ||
	    (may_be_never && when == TIME_NEVER);
}

static size_t
encode_networks(uint8_t *out, const struct record *token)
{
	for (size_t i = 0; i < token->from_count; i++) {
		memcpy(out, token->from[i].address, NETWORK_BYTES - 1);
		out[NETWORK_BYTES - 1] = token->from[i].prefix;
		out += NETWORK_BYTES;
	}
	return token->from_count * NETWORK_BYTES;
}

static bool
decode_networks(struct record *token, const uint8_t *bytes, size_t len)
{
	char text[NETWORK_TEXT_LEN + 1];
	struct network again;

	if (len % NETWORK_BYTES != 0 ||
	    len / NETWORK_BYTES > RECORD_NETWORKS_MAX)
		return false;
	for (; len > 0; len -= NETWORK_BYTES, bytes += NETWORK_BYTES) {
		struct network *network = &token->from[token->from_count++];

		memcpy(network->address, bytes, NETWORK_BYTES - 1);
		network->prefix = bytes[NETWORK_BYTES - 1];
		if (network->prefix > 128)
			return false;
		/* Its bits after the prefix are 0. */
		network_format(network, text);
		if (!network_parse(text, &again) ||
		    memcmp(&again, network, sizeof(again)) != 0)
			return false;
	}
	return true;
}

/* Writes the content of a field to out and returns its length; 0: none. */
static size_t
encode_field(
    uint8_t *out, const struct fleet_record *record, const struct field *field)
{
	const uint8_t *member = (const uint8_t *)record + field->offset;
	size_t len;
	int64_t when;

	switch (field->form) {
	case FORM_KIND:
		*out = (uint8_t)record->kind;
		return 1;
	case FORM_STATE:
		*out = (uint8_t)record->token.state;
		return 1;
	case FORM_DIGEST:
		memcpy(out, member, field->size);
		return field->size;
	case FORM_TEXT:
	case FORM_LIST:
		len = strnlen((const char *)member, field->size - 1);
		memcpy(out, member, len);
		return len;
	case FORM_NETWORKS:
		return encode_networks(out, &record->token);
	case FORM_TIME:
		memcpy(&when, member, sizeof(when));
		(void)big_endian_put(out, (uint64_t)when, sizeof(when));
		return when == 0 ? 0 : sizeof(when);
	case FORM_UID:
		(void)big_endian_put(out, record->token.uid, 4);
		return record->has_uid ? 4 : 0;
	case FORM_FLAG:
		*out = 1;
		return *(const bool *)member ? 1 : 0;
	}
	return 0;
}

static bool
decode_text(
    char *member, const struct field *field, const uint8_t *bytes, size_t len)
{
	if (len >= field->size || memchr(bytes, '\0', len) != NULL)
		return false;
	memcpy(member, bytes, len);
	member[len] = '\0';
	return field->form == FORM_LIST ? is_list(member, field)
					: field->is_valid(member);
}

static bool
decode_time(uint8_t *member, const struct field *field, const uint8_t *bytes,
    size_t len)
{
	int64_t when;

	if (len != sizeof(when))
		return false;
	when = (int64_t)big_endian_get(bytes, len);
	memcpy(member, &when, sizeof(when));
	return is_time(when, field);
}

/* Reads the content of a field, which is not empty. */
static bool
decode_field(struct fleet_record *record, const struct field *field,
    const uint8_t *bytes, size_t len)
{
	uint8_t *member = (uint8_t *)record + field->offset;

	switch (field->form) {
	case FORM_KIND:
		record->kind = (enum fleet_kind)bytes[0];
		return len == 1;
	case FORM_STATE:
		record->token.state = (enum record_state)bytes[0];
		return len == 1 && bytes[0] >= RECORD_ACTIVE &&
		    bytes[0] <= RECORD_DEACTIVATED;
	case FORM_DIGEST:
		if (len != field->size)
			return false;
		memcpy(member, bytes, len);
		return true;
	case FORM_TEXT:
	case FORM_LIST:
		return decode_text((char *)member, field, bytes, len);
	case FORM_NETWORKS:
		return decode_networks(&record->token, bytes, len);
	case FORM_TIME:
		return decode_time(member, field, bytes, len);
	case FORM_UID:
		if (len != 4)
			return false;
		record->has_uid = true;
		record->token.uid = (uid_t)big_endian_get(bytes, len);
		return record->token.uid != (uid_t)-1;
	case FORM_FLAG:
		*(bool *)member = true;
		return len == 1 && bytes[0] == 1;
	}
	return false;
}

static bool
may_have(enum fleet_kind kind, const struct field *field)
{
	return kind == FLEET_TOKEN ? field->of_token : field->of_revoke;
}

static const struct field *
find_field(unsigned tag)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (FIELDS[i].tag == tag)
			return &FIELDS[i];
	}
	return NULL;
}

/* What is left to read, and which tags were: the last, and a bit for each. */
struct reading {
	const uint8_t *bytes;
	size_t left;
	unsigned last;
	uint32_t seen;
};

static_assert(FIELD_COUNT < 32, "a bit for each tag");

/* Reads one field, whose tag has to be above the last one. */
static enum err
take_field(struct fleet_record *record, struct reading *reading)
{
	const struct field *field;
	unsigned tag;
	size_t len;

	if (reading->left < FIELD_HEAD)
		return ERR_INVALID;
	tag = (unsigned)big_endian_get(reading->bytes, 2);
	len = (size_t)big_endian_get(reading->bytes + 2, 4);
	if (tag <= reading->last || len == 0 ||
	    len > reading->left - FIELD_HEAD)
		return ERR_INVALID;
	field = find_field(tag);
	if (field == NULL)
		return ERR_NEWER;
	/* The kind comes first: it says what may follow. */
	if ((reading->last == 0) != (field->form == FORM_KIND) ||
	    !decode_field(record, field, reading->bytes + FIELD_HEAD, len))
		return ERR_INVALID;
	if (record->kind != FLEET_TOKEN && record->kind != FLEET_REVOKE)
		return record->kind == 0 ? ERR_INVALID : ERR_NEWER;
	if (!may_have(record->kind, field))
		return ERR_INVALID;
	reading->last = tag;
	reading->seen |= UINT32_C(1) << tag;
	reading->bytes += FIELD_HEAD + len;
	reading->left -= FIELD_HEAD + len;
	return ERR_OK;
}

/* Whether all that it needs was there. */
static bool
is_whole(const struct fleet_record *record, uint32_t seen)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct field *field = &FIELDS[i];

		if (field->is_needed && may_have(record->kind, field) &&
		    (seen & UINT32_C(1) << field->tag) == 0)
			return false;
	}
	/* Who is not active was ended by something; so is a revocation. */
	return record->token.ended.at != 0 ||
	    (record->kind == FLEET_TOKEN &&
		record->token.state == RECORD_ACTIVE);
}

enum err
fleet_record_decode(
    struct fleet_record *record, const uint8_t *bytes, size_t len)
{
	struct reading reading = {.bytes = bytes + 1, .left = len - 1};
	enum err rc = ERR_OK;

	*record = (struct fleet_record){0};
	if (len < 1 || len > FLEET_RECORD_MAX || bytes[0] == 0)
		return ERR_INVALID;
	if (bytes[0] != FORMAT)
		return ERR_NEWER;
	while (rc == ERR_OK && reading.left > 0)
		rc = take_field(record, &reading);
	if (rc == ERR_OK && !is_whole(record, reading.seen))
		rc = ERR_INVALID;
	if (rc != ERR_OK)
		*record = (struct fleet_record){0};
	return rc;
}

enum err
fleet_record_encode(const struct fleet_record *record,
    uint8_t bytes[FLEET_RECORD_MAX], size_t *len)
{
	struct fleet_record again;
	uint8_t all[sizeof(*record) + FIELD_COUNT * FIELD_HEAD], *out = all;

	if (record->token.from_count > RECORD_NETWORKS_MAX)
		return ERR_INVALID;
	*out++ = FORMAT;
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		size_t size = encode_field(
		    out + FIELD_HEAD, record, &FIELDS[i]);

		if (size == 0 || !may_have(record->kind, &FIELDS[i]))
			continue;
		(void)big_endian_put(out, FIELDS[i].tag, 2);
		(void)big_endian_put(out + 2, size, 4);
		out += FIELD_HEAD + size;
	}
	*len = (size_t)(out - all);
	/* One place says what is valid. */
	if (*len > FLEET_RECORD_MAX ||
	    fleet_record_decode(&again, all, *len) != ERR_OK)
		return ERR_INVALID;
	memcpy(bytes, all, *len);
	return ERR_OK;
}

void
fleet_record_hash(uint8_t hash[CRYPTO_HASH_LEN],
    const char id[TOKEN_ID_LEN + 1], const uint8_t *bytes, size_t len)
{
	struct crypto_hashing hashing;

	crypto_hashing_start(&hashing);
	crypto_hashing_add(&hashing, HASH_PREFIX, sizeof(HASH_PREFIX));
	crypto_hashing_add(&hashing, id, TOKEN_ID_LEN);
	crypto_hashing_add(&hashing, bytes, len);
	crypto_hashing_end(&hashing, hash);
}
