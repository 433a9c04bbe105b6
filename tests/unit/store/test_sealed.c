/*
 * Handmade records, sealed with the right key: what another version, or a bug,
 * might have written.
 */
#include "token/record.h"

#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define FORMAT 1
#define DIGEST_FIELD 1
#define STATE_FIELD 2

static const uint8_t KEY[CRYPTO_KEY_LEN] = {1, 2, 3};
static const uint8_t ACTIVE[] = {RECORD_ACTIVE};

/* A record under construction. */
struct handmade {
	uint8_t bytes[RECORD_BYTES_MAX];
	size_t len;
};

static void
handmade_field(
    struct handmade *made, uint8_t number, const void *content, size_t len)
{
	uint8_t *at = made->bytes + made->len;

	at[0] = number;
	at[1] = (uint8_t)(len & 0xff);
	at[2] = (uint8_t)(len >> 8);
	memcpy(at + 3, content, len);
	made->len += 3 + len;
}

/* Its version, and what every record has: a digest. */
static void
handmade_start(struct handmade *made, uint8_t format)
{
	made->bytes[0] = format;
	made->len = 1;
	handmade_field(made, DIGEST_FIELD, KEY, CRYPTO_HASH_LEN);
}

static void
handmade_expect(struct handmade *made, enum crypto_name kind, enum err expected)
{
	static const char ID[] = "0123456789";
	static const struct record EMPTY;
	struct record record;

	crypto_mac(
	    made->bytes + made->len, KEY, kind, ID, made->bytes, made->len);
	made->len += CRYPTO_HASH_LEN;
	memset(&record, 0x55, sizeof(record));
	assert_err(
	    expected, record_decode(&record, ID, KEY, made->bytes, made->len));
	if (expected != ERR_OK)
		assert_true(sample_equal(&record, &EMPTY));
}

static void
test_handmade_record_decodes(void **state)
{
	struct handmade made;

	(void)state;
	handmade_start(&made, FORMAT);
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_OK);
}

static void
test_an_index_is_no_record(void **state)
{
	struct handmade made;

	(void)state;
	/* sealed for a user who has the name of the token */
	handmade_start(&made, FORMAT);
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_expect(&made, CRYPTO_NAME_USER, ERR_DAMAGED);
}

static void
test_what_is_newer_is_said_to_be(void **state)
{
	struct handmade made;

	(void)state;
	handmade_start(&made, FORMAT + 1);
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_NEWER);
	handmade_start(&made, FORMAT);
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_field(&made, 255, "what", 4);
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_NEWER);
	handmade_start(&made, FORMAT);
	handmade_field(
	    &made, STATE_FIELD, (uint8_t[]){RECORD_DEACTIVATED + 1}, 1);
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_NEWER);
	/* A logo of another type. */
	handmade_start(&made, FORMAT);
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_field(&made, 36, (uint8_t[]){PICTURE_WEBP + 1}, 1);
	handmade_field(&made, 37, "m", 1);
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_NEWER);
}

/* One field beside the state breaks its rule, in a well-sealed record. */
static const struct {
	const char *what;
	uint8_t number;
	const char *content;
	size_t len;
} BAD_FIELDS[] = {
    {"empty text", 3, "", 0},
    {"text with a NUL", 3, "a\0b", 3},
    {"an integer with a zero behind it", 4, "\1\0", 2},
    {"an integer of 9 bytes", 11, "\1\1\1\1\1\1\1\1\1", 9},
    {"a uid of 33 bits", 4, "\0\0\0\0\1", 5},
    {"a zero written out", 4, "\0", 1},
    {"a flag of 2", 5, "\2", 1},
    {"half a network", 10, "0123456789", 10},
    {"a prefix of 129", 10, "0123456789abcdef\x81", 17},
    {"a logo without a mark", 36, "\1", 1},
    {"a mark without a logo", 37, "\1", 1},
};

static void
test_bad_fields_are_damage(void **state)
{
	static const char LONG[RECORD_NETWORKS_MAX * 17 + 17] = {'x'};
	struct handmade made;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD_FIELDS); i++) {
		handmade_start(&made, FORMAT);
		handmade_field(&made, STATE_FIELD, ACTIVE, 1);
		handmade_field(&made, BAD_FIELDS[i].number,
		    BAD_FIELDS[i].content, BAD_FIELDS[i].len);
		handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
	}
	/* a name of 65 bytes; one network too many */
	handmade_start(&made, FORMAT);
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_field(&made, 6, memset((char[65]){0}, 'n', 65), 65);
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
	handmade_start(&made, FORMAT);
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_field(&made, 10, LONG, sizeof(LONG));
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
}

static void
test_bad_order_of_fields_is_damage(void **state)
{
	struct handmade made;

	(void)state;
	handmade_start(&made, FORMAT); /* no state */
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
	handmade_start(&made, FORMAT); /* no digest */
	made.len = 1;
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
	handmade_start(&made, FORMAT); /* twice */
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
	handmade_start(&made, FORMAT); /* descending */
	handmade_field(&made, 3, "alice", 5);
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
	handmade_start(&made, FORMAT); /* longer than what is left */
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	made.bytes[made.len - 3] = 2;
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
	handmade_start(&made, FORMAT); /* half a head */
	handmade_field(&made, STATE_FIELD, ACTIVE, 1);
	made.bytes[made.len++] = 3;
	handmade_expect(&made, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_handmade_record_decodes),
	    cmocka_unit_test(test_an_index_is_no_record),
	    cmocka_unit_test(test_what_is_newer_is_said_to_be),
	    cmocka_unit_test(test_bad_fields_are_damage),
	    cmocka_unit_test(test_bad_order_of_fields_is_damage),
	};

	return unit_run(tests);
}
