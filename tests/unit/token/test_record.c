#include "token/record.h"

#include <stdlib.h>
#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define OTHER_ID "zzzzzzzzzz"

static const uint8_t KEY[CRYPTO_KEY_LEN] = {1, 2, 3};
static const uint8_t OTHER_KEY[CRYPTO_KEY_LEN] = {1, 2, 4};

/* A record with every kind of field, short enough to flip each of its bits. */
static void
make_typical(struct record *record)
{
	sample_record(record, "alice", "laptop");
	strcpy(record->description, "her B\xc3\xbcro");
	record->from_count = 2;
	assert_true(network_parse("192.0.2.0/24", &record->from[0]));
	assert_true(network_parse("2001:db8::/32", &record->from[1]));
	record->state = RECORD_REVOKED;
	record->ended = (struct record_event){NOW + 1, "root", "lost"};
	record->approved = (struct record_event){.at = NOW + 2, .by = "bob"};
}

static void
expect_round_trip(const struct record *record)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	struct record back;
	size_t len = 0;

	memset(&back, 0x55, sizeof(back));
	assert_ok(record_encode(record, KEY, bytes, &len));
	assert_in_range(len, 1, RECORD_BYTES_MAX);
	assert_ok(record_decode(&back, record->id, KEY, bytes, len));
	assert_true(sample_equal(record, &back));
}

/* Encodes the record, decodes len bytes as given, and expects the error. */
static void
expect_refused(enum err expected, const char *id, const uint8_t *key,
    const uint8_t *bytes, size_t len)
{
	static const struct record EMPTY;
	struct record back;

	memset(&back, 0x55, sizeof(back));
	assert_err(expected, record_decode(&back, id, key, bytes, len));
	assert_true(sample_equal(&back, &EMPTY));
}

static void
test_typical_round_trips(void **state)
{
	struct record record;

	(void)state;
	make_typical(&record);
	expect_round_trip(&record);
}

static void
test_smallest_round_trips(void **state)
{
	struct record record = {.state = RECORD_ACTIVE, .id = "0123456789"};

	(void)state;
	expect_round_trip(&record);
}

static void
test_largest_round_trips(void **state)
{
	struct record record;

	(void)state;
	sample_largest(&record);
	/* These two have their own test. */
	record.created.reason[0] = '\0';
	record.approved.reason[0] = '\0';
	expect_round_trip(&record);
}

static void
test_each_reason_round_trips(void **state)
{
	struct record record;

	(void)state;
	make_typical(&record);
	strcpy(record.created.reason, "asked for by mail");
	expect_round_trip(&record);
	make_typical(&record);
	strcpy(record.approved.reason, "is back from leave");
	expect_round_trip(&record);
}

static void
test_limits_of_numbers_round_trip(void **state)
{
	static const int64_t TIMES[] = {
	    INT64_MIN, -1, 0, 1, UINT32_MAX, INT64_C(1) << 32, INT64_MAX};
	static const uid_t UIDS[] = {0, 1, 65534, UINT32_MAX};
	struct record record;

	(void)state;
	make_typical(&record);
	for (size_t i = 0; i < COUNT_OF(TIMES); i++) {
		record.expires = record.created.at = TIMES[i];
		record.ended.at = record.approved.at = TIMES[i];
		expect_round_trip(&record);
	}
	for (size_t i = 0; i < COUNT_OF(UIDS); i++) {
		record.uid = UIDS[i];
		record.local = i % 2 != 0;
		expect_round_trip(&record);
	}
	for (int kept = RECORD_ACTIVE; kept <= RECORD_DEACTIVATED; kept++) {
		record.state = (enum record_state)kept;
		expect_round_trip(&record);
	}
}

static void
test_too_many_networks_are_refused(void **state)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	struct record record;
	size_t len = 0;

	(void)state;
	make_typical(&record);
	record.from_count = RECORD_NETWORKS_MAX + 1;
	assert_err(ERR_INTERNAL, record_encode(&record, KEY, bytes, &len));
}

static void
flip_each_bit(const struct record *record)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	size_t len = 0;

	assert_ok(record_encode(record, KEY, bytes, &len));
	for (size_t bit = 0; bit < 8 * len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		expect_refused(ERR_DAMAGED, record->id, KEY, bytes, len);
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	expect_round_trip(record);
}

static void
test_each_flipped_bit_is_damage(void **state)
{
	struct record smallest = {.state = RECORD_ACTIVE, .id = "0123456789"};
	struct record typical;

	(void)state;
	make_typical(&typical);
	flip_each_bit(&smallest);
	flip_each_bit(&typical);
}

static void
test_each_cut_and_extension_is_damage(void **state)
{
	uint8_t bytes[RECORD_BYTES_MAX + 64] = {0};
	struct record record;
	size_t len = 0;

	(void)state;
	make_typical(&record);
	assert_ok(record_encode(&record, KEY, bytes, &len));
	for (size_t cut = 0; cut < len; cut++) {
		/* on the heap, where reads beyond the end are noticed */
		uint8_t *copy = malloc(cut + 1);

		assert_non_null(copy);
		memcpy(copy, bytes, cut);
		expect_refused(ERR_DAMAGED, record.id, KEY, copy, cut);
		free(copy);
	}
	for (size_t more = 1; more <= 64; more++)
		expect_refused(ERR_DAMAGED, record.id, KEY, bytes, len + more);
}

static void
test_another_id_or_key_is_damage(void **state)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	struct record record;
	size_t len = 0;

	(void)state;
	make_typical(&record);
	assert_ok(record_encode(&record, KEY, bytes, &len));
	expect_refused(ERR_DAMAGED, OTHER_ID, KEY, bytes, len);
	expect_refused(ERR_DAMAGED, record.id, OTHER_KEY, bytes, len);
}

/* A token until log-out from before records had a first session. */
static const uint8_t OLDER[] = {0x01, 0x01, 0x20, 0x00, 0x64, 0x64, 0x64, 0x64,
    0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64,
    0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64, 0x64,
    0x64, 0x64, 0x64, 0x64, 0x02, 0x01, 0x00, 0x01, 0x03, 0x05, 0x00, 0x61,
    0x6c, 0x69, 0x63, 0x65, 0x04, 0x02, 0x00, 0xe8, 0x03, 0x05, 0x01, 0x00,
    0x01, 0x06, 0x05, 0x00, 0x76, 0x69, 0x73, 0x69, 0x74, 0x08, 0x04, 0x00,
    0x73, 0x73, 0x68, 0x64, 0x09, 0x04, 0x00, 0x72, 0x65, 0x61, 0x64, 0x0b,
    0x04, 0x00, 0x00, 0x94, 0x35, 0x77, 0x0c, 0x04, 0x00, 0x00, 0xd2, 0x49,
    0x6b, 0x0d, 0x04, 0x00, 0x72, 0x6f, 0x6f, 0x74, 0x1b, 0x01, 0x00, 0x02,
    0xfb, 0x12, 0x2a, 0x43, 0x45, 0xbd, 0xc5, 0x22, 0x0f, 0x98, 0x3d, 0x2a,
    0xdf, 0x02, 0x89, 0x59, 0x1b, 0x7b, 0xd6, 0x3e, 0xdd, 0xd1, 0x10, 0x54,
    0x67, 0x0b, 0xc1, 0xcb, 0x25, 0x9c, 0xcf, 0x30};

static void
test_an_older_record_is_what_it_was(void **state)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	struct record record;
	size_t len = 0;

	(void)state;
	assert_ok(
	    record_decode(&record, "0123456789", KEY, OLDER, sizeof(OLDER)));
	assert_string_equal(record.name, "visit");
	assert_int_equal(record.lifetime, RECORD_UNTIL_LOGOUT);
	assert_true(record_is_usable(&record, NOW));
	assert_true(record.begun == 0);
	assert_string_equal(record.boot, "");
	/* Until it begins, an older version can read the record. */
	assert_ok(record_encode(&record, KEY, bytes, &len));
	assert_int_equal(len, sizeof(OLDER));
	assert_memory_equal(bytes, OLDER, len);
}

static void
test_usable_is_active_and_not_expired(void **state)
{
	struct record record;

	(void)state;
	sample_record(&record, "alice", "laptop");
	record.expires = NOW;
	assert_true(record_is_usable(&record, NOW - 1));
	assert_false(record_is_usable(&record, NOW));
	record.expires = TIME_NEVER;
	assert_true(record_is_usable(&record, NOW));
	record.state = RECORD_REVOKED;
	assert_false(record_is_usable(&record, NOW));
	record.state = RECORD_DEACTIVATED;
	assert_false(record_is_usable(&record, NOW));
}

static void
test_state_names(void **state)
{
	(void)state;
	assert_string_equal(record_state_name(RECORD_ACTIVE), "active");
	assert_string_equal(record_state_name(RECORD_REVOKED), "revoked");
	assert_string_equal(
	    record_state_name(RECORD_DEACTIVATED), "deactivated");
	assert_string_equal(record_state_name((enum record_state)0), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_typical_round_trips),
	    cmocka_unit_test(test_smallest_round_trips),
	    cmocka_unit_test(test_largest_round_trips),
	    cmocka_unit_test(test_each_reason_round_trips),
	    cmocka_unit_test(test_limits_of_numbers_round_trip),
	    cmocka_unit_test(test_too_many_networks_are_refused),
	    cmocka_unit_test(test_each_flipped_bit_is_damage),
	    cmocka_unit_test(test_each_cut_and_extension_is_damage),
	    cmocka_unit_test(test_another_id_or_key_is_damage),
	    cmocka_unit_test(test_an_older_record_is_what_it_was),
	    cmocka_unit_test(test_usable_is_active_and_not_expired),
	    cmocka_unit_test(test_state_names),
	};

	return unit_run(tests);
}
