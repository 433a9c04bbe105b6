#include "fleet/fleet_head.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/parse.h"
#include "fleet/fleet_lines.h"

#define TITLE "apitoken-fleet-head "
#define FORMAT "1"

/* Writes all but the signature. */
static size_t
write_lines(const struct fleet_head *head, char text[FLEET_HEAD_MAX + 1])
{
	char fleet[2 * FLEET_ID_LEN + 1], set[2 * CRYPTO_HASH_LEN + 1];
	char key[2 * CRYPTO_SIGNATURE_KEY_LEN + 1], until[24] = "never";

	hex_put(fleet, head->fleet, FLEET_ID_LEN);
	hex_put(key, head->key, CRYPTO_SIGNATURE_KEY_LEN);
	hex_put(set, head->set, CRYPTO_HASH_LEN);
	if (head->valid_until != TIME_NEVER)
		(void)snprintf(
		    until, sizeof(until), "%" PRId64, head->valid_until);
	return (size_t)snprintf(text, FLEET_HEAD_MAX + 1,
	    TITLE FORMAT "\nfleet=%s\nissuer=%s\nkey=%s\n"
			 "epoch=%" PRIu64 "\nseq=%" PRIu64 "\ncount=%" PRIu64
			 "\nset=%s\ntime=%" PRId64 "\nvalid_until=%s\n",
	    fleet, head->issuer, key, head->epoch, head->seq, head->count, set,
	    head->time, until);
}

size_t
fleet_head_sign(const struct fleet_head *head,
    const uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN],
    char text[FLEET_HEAD_MAX + 1])
{
	uint8_t signature[CRYPTO_SIGNATURE_LEN];
	char digits[2 * CRYPTO_SIGNATURE_LEN + 1];
	struct fleet_head whole = *head;
	size_t len, used;

	crypto_signature_key(whole.key, secret);
	len = write_lines(&whole, text);
	crypto_signature_make(signature, secret, text, len);
	hex_put(digits, signature, sizeof(signature));
	len += (size_t)snprintf(
	    text + len, FLEET_HEAD_MAX + 1 - len, "sig=%s\n", digits);
	/* One place says what is valid. */
	return fleet_head_read(&whole, text, len, &used) == ERR_OK ? len : 0;
}

static bool
take_time(struct fleet_lines *lines, const char *name, int64_t *when)
{
	uint64_t number;

	if (!fleet_lines_number(lines, name, FLEET_TIME_MAX, &number) ||
	    number == 0)
		return false;
	*when = (int64_t)number;
	return true;
}

static bool
take_until(struct fleet_lines *lines, int64_t *when)
{
	struct fleet_lines before = *lines;
	char value[FLEET_LINE_MAX + 1];

	if (fleet_lines_value(lines, "valid_until", value) &&
	    strcmp(value, "never") == 0) {
		*when = TIME_NEVER;
		return true;
	}
	*lines = before;
	return take_time(lines, "valid_until", when);
}

static bool
take_issuer(struct fleet_lines *lines, char issuer[PARSE_HOST_MAX + 1])
{
	char value[FLEET_LINE_MAX + 1];

	if (!fleet_lines_value(lines, "issuer", value) || !parse_is_host(value))
		return false;
	strcpy(issuer, value);
	return true;
}

/* All that is signed, after the first line. */
static bool
take_lines(struct fleet_lines *lines, struct fleet_head *head)
{
	return fleet_lines_bytes(lines, "fleet", head->fleet, FLEET_ID_LEN) &&
	    take_issuer(lines, head->issuer) &&
	    fleet_lines_bytes(
		lines, "key", head->key, CRYPTO_SIGNATURE_KEY_LEN) &&
	    fleet_lines_number(lines, "epoch", INT64_MAX, &head->epoch) &&
	    fleet_lines_number(lines, "seq", INT64_MAX, &head->seq) &&
	    fleet_lines_number(lines, "count", FLEET_COUNT_MAX, &head->count) &&
	    fleet_lines_bytes(lines, "set", head->set, CRYPTO_HASH_LEN) &&
	    take_time(lines, "time", &head->time) &&
	    take_until(lines, &head->valid_until);
}

/* Whether it is a head, but of a format that is not known. */
static bool
is_newer(const char *text, size_t len)
{
	return len > sizeof(TITLE) && memcmp(text, TITLE, strlen(TITLE)) == 0 &&
	    text[strlen(TITLE)] > FORMAT[0] && text[strlen(TITLE)] <= '9';
}

enum err
fleet_head_read(
    struct fleet_head *head, const char *text, size_t len, size_t *used)
{
	struct fleet_lines lines = {
	    text, len > FLEET_HEAD_MAX ? FLEET_HEAD_MAX : len};
	uint8_t signature[CRYPTO_SIGNATURE_LEN];
	size_t is_signed;
	enum err rc = ERR_INVALID;

	*used = 0;
	*head = (struct fleet_head){0};
	if (!fleet_lines_take(&lines, TITLE FORMAT))
		return is_newer(text, len) ? ERR_NEWER : ERR_INVALID;
	if (!take_lines(&lines, head))
		goto out;
	is_signed = (size_t)(lines.at - text);
	if (!fleet_lines_bytes(&lines, "sig", signature, sizeof(signature)))
		goto out;
	rc = ERR_DAMAGED;
	if (!crypto_signature_holds(signature, head->key, text, is_signed))
		goto out;
	*used = (size_t)(lines.at - text);
	rc = ERR_OK;
out:
	if (rc != ERR_OK)
		*head = (struct fleet_head){0};
	return rc;
}

int
fleet_head_compare(const struct fleet_head *one, const struct fleet_head *two)
{
	if (one->epoch != two->epoch)
		return one->epoch < two->epoch ? -1 : 1;
	if (one->seq != two->seq)
		return one->seq < two->seq ? -1 : 1;
	return 0;
}

bool
fleet_head_equals(const struct fleet_head *one, const struct fleet_head *two)
{
	return fleet_head_compare(one, two) == 0 &&
	    memcmp(one->fleet, two->fleet, FLEET_ID_LEN) == 0 &&
	    strcmp(one->issuer, two->issuer) == 0 &&
	    memcmp(one->key, two->key, CRYPTO_SIGNATURE_KEY_LEN) == 0 &&
	    one->count == two->count && crypto_equal(one->set, two->set) &&
	    one->time == two->time && one->valid_until == two->valid_until;
}
