/* The bytes of a record: the ones that vectors.py makes, and no others. */
#include "fleet/fleet_record.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "golden.h"
#include "lib/fleet.h"
#include "lib/unit.h"

#define GOLDEN_ID "0123456789"
#define GOLDEN_OTHER "abcdefghjk"

static size_t
unhex(uint8_t *bytes, const char *text)
{
	size_t len = strlen(text) / 2;

	assert_true(hex_get(bytes, len, text));
	return len;
}

static void
golden_token(struct fleet_record *record)
{
	struct record *token = &record->token;

	fleet_sample(record, GOLDEN_TEXT);
	record->has_uid = true;
	token->uid = 1000;
	strcpy(token->services, "sshd,@mail");
	assert_true(network_parse("192.0.2.0/24", &token->from[0]));
	assert_true(network_parse("2001:db8::/32", &token->from[1]));
	token->from_count = 2;
	token->starts = NOW + 1;
	token->expires = NOW + 2;
	token->created.at = NOW - 1;
	strcpy(record->hosts, "web1,web2");
	strcpy(record->groups, "db");
}

static void
golden_revoke(struct fleet_record *record)
{
	fleet_sample_revoke(record);
	record->token.expires = TIME_NEVER;
}

static void
expect_golden(const struct fleet_record *record, const char *id,
    const char *text, const char *hash_text)
{
	uint8_t bytes[FLEET_RECORD_MAX], golden[FLEET_RECORD_MAX];
	uint8_t hash[CRYPTO_HASH_LEN], golden_hash[CRYPTO_HASH_LEN];
	size_t len = 0, golden_len = unhex(golden, text);
	struct fleet_record back;

	assert_ok(fleet_record_encode(record, bytes, &len));
	assert_int_equal(len, golden_len);
	assert_memory_equal(bytes, golden, len);
	assert_ok(fleet_record_decode(&back, golden, golden_len));
	assert_int_equal(back.kind, record->kind);
	assert_int_equal(back.has_uid, record->has_uid);
	assert_string_equal(back.hosts, record->hosts);
	assert_string_equal(back.groups, record->groups);
	assert_true(sample_equal(&back.token, &record->token));
	assert_int_equal(unhex(golden_hash, hash_text), sizeof(golden_hash));
	fleet_record_hash(hash, id, golden, golden_len);
	assert_memory_equal(hash, golden_hash, sizeof(hash));
}

static void
test_golden(void **state)
{
	struct fleet_record record;

	(void)state;
	golden_token(&record);
	expect_golden(&record, GOLDEN_ID, GOLDEN_TOKEN, GOLDEN_TOKEN_HASH);
	golden_revoke(&record);
	expect_golden(&record, GOLDEN_OTHER, GOLDEN_REVOKE, GOLDEN_REVOKE_HASH);
}

/* What follows replaces a part of the golden token, given as hexadecimal. */
struct change {
	const char *what, *from, *to;
	enum err expected;
};

static void
expect_change(const struct change *change)
{
	char text[2 * FLEET_RECORD_MAX];
	uint8_t bytes[FLEET_RECORD_MAX];
	struct fleet_record record;
	const char *at = strstr(GOLDEN_TOKEN, change->from);
	size_t before;

	assert_row(change->what, at != NULL);
	before = (size_t)(at - GOLDEN_TOKEN);
	memcpy(text, GOLDEN_TOKEN, before);
	strcpy(text + before, change->to);
	strcat(text, at + strlen(change->from));
	assert_row(change->what,
	    fleet_record_decode(&record, bytes, unhex(bytes, text)) ==
		change->expected);
	assert_row(
	    change->what, change->expected == ERR_OK || record.kind == 0);
}

static const struct change CHANGES[] = {
    {"nothing", "000400000005", "000400000005", ERR_OK},
    {"version 0", "01000100000001", "00000100000001", ERR_INVALID},
    {"version 2", "01000100000001", "02000100000001", ERR_NEWER},
    {"no kind", "0100010000000101", "01", ERR_INVALID},
    {"kind 0", "0100010000000101", "0100010000000100", ERR_INVALID},
    {"kind 3", "0100010000000101", "0100010000000103", ERR_NEWER},
    {"two kinds", "0100010000000101",
	"01000100000001010001000000010"
	"1",
	ERR_INVALID},
    {"revoke with a digest", "0100010000000101", "0100010000000102",
	ERR_INVALID},
    {"state 0", "00030000000101", "00030000000100", ERR_INVALID},
    {"state 4", "00030000000101", "00030000000104", ERR_INVALID},
    {"ended by nothing", "00030000000101", "00030000000102", ERR_INVALID},
    {"no state", "00030000000101", "", ERR_INVALID},
    {"no user", "000400000005616c696365", "", ERR_INVALID},
    {"empty user", "000400000005616c696365", "000400000000", ERR_INVALID},
    {"control character in it", "616c696365", "616c690a65", ERR_INVALID},
    {"NUL in it", "616c696365", "616c690065", ERR_INVALID},
    {"uid of 3 bytes", "000500000004000003e8", "0005000000030003e8",
	ERR_INVALID},
    {"uid -1", "000003e8", "ffffffff", ERR_INVALID},
    {"no uid", "000500000004000003e8", "", ERR_OK},
    {"a service twice", "737368642c406d61696c",
	"737368642c2c737368"
	"64",
	ERR_INVALID},
    {"blank in a list", "737368642c406d61696c",
	"737368642c206d6169"
	"6c",
	ERR_INVALID},
    {"no services", "00070000000a737368642c406d61696c", "", ERR_INVALID},
    {"no scopes", "00080000000a726561642c7772697465", "", ERR_OK},
    {"network of 16 bytes", "000900000022", "000900000021", ERR_INVALID},
    {"prefix of 129", "c000020078", "c000020081", ERR_INVALID},
    {"bits behind it", "c000020078", "c000020178", ERR_INVALID},
    {"starts at 0", "000a00000008000000006b49d201",
	"000a000000080000000000000000", ERR_INVALID},
    {"starts never", "000a00000008000000006b49d201",
	"000a000000087fffffffffffffff", ERR_INVALID},
    {"starts before 1970", "000a00000008000000006b49d201",
	"000a00000008ffffffffffffffff", ERR_INVALID},
    {"expires never", "000b00000008000000006b49d202",
	"000b000000087fffffffffffffff", ERR_OK},
    {"expires after year 9999", "000b00000008000000006b49d202",
	"000b000000080000003afff44180", ERR_INVALID},
    {"does not expire", "000b00000008000000006b49d202", "", ERR_INVALID},
    {"never created", "000c00000008000000006b49d1ff", "", ERR_INVALID},
    {"host in capitals", "776562312c77656232", "576562312c77656232",
	ERR_INVALID},
    {"unknown tag", "0011000000026462", "0013000000026462", ERR_NEWER},
    {"ends sessions", "0011000000026462", "00120000000101", ERR_OK},
    {"ends sessions, 2", "0011000000026462", "00120000000102", ERR_INVALID},
    {"ends sessions, 0", "0011000000026462", "00120000000100", ERR_INVALID},
    {"tags descend", "0011000000026462", "0010000000026462", ERR_INVALID},
    {"tags descend by two", "0011000000026462", "000f000000026462",
	ERR_INVALID},
    {"longer than all", "0011000000026462", "0011000000036462", ERR_INVALID},
    {"length of 4 GB", "0011000000026462", "0011ffffffff6462", ERR_INVALID},
    {"half a head", "0011000000026462", "00110000", ERR_INVALID},
};

static void
test_bad_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(CHANGES); i++)
		expect_change(&CHANGES[i]);
}

static void
test_every_cut_is_refused(void **state)
{
	uint8_t bytes[FLEET_RECORD_MAX];
	size_t len = unhex(bytes, GOLDEN_TOKEN);
	struct fleet_record record;

	(void)state;
	/* All but where a field that may be missing ends. */
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t again[FLEET_RECORD_MAX];
		size_t again_len;

		if (fleet_record_decode(&record, bytes, cut) != ERR_OK)
			continue;
		assert_true(cut == len - 8 || cut == len - 23);
		assert_ok(fleet_record_encode(&record, again, &again_len));
		assert_int_equal(again_len, cut);
	}
	assert_err(ERR_INVALID, fleet_record_decode(&record, bytes, 0));
}

/* What is decoded, however it came to be, has one encoding. */
static void
test_one_encoding(void **state)
{
	uint8_t golden[FLEET_RECORD_MAX], bytes[FLEET_RECORD_MAX];
	uint8_t again[FLEET_RECORD_MAX];
	size_t len = unhex(golden, GOLDEN_TOKEN), again_len;
	struct fleet_record record;
	struct unit_random random;
	unsigned accepted = 0;

	(void)state;
	unit_random_start(&random);
	for (unsigned i = 0; i < 100000; i++) {
		unsigned flips = 1 + unit_random_below(&random, 3);

		memcpy(bytes, golden, len);
		while (flips-- > 0)
			bytes[unit_random_below(&random, (uint32_t)len)] ^=
			    (uint8_t)(1U << unit_random_below(&random, 8));
		if (fleet_record_decode(&record, bytes, len) != ERR_OK)
			continue;
		accepted++;
		assert_ok(fleet_record_encode(&record, again, &again_len));
		assert_int_equal(again_len, len);
		assert_memory_equal(again, bytes, len);
	}
	assert_in_range(accepted, 1000, 99000);
}

static void
test_limits(void **state)
{
	uint8_t bytes[FLEET_RECORD_MAX];
	struct fleet_record record, back;
	size_t len;

	(void)state;
	fleet_sample_largest(&record, "x");
	assert_ok(fleet_record_encode(&record, bytes, &len));
	assert_ok(fleet_record_decode(&back, bytes, len));
	assert_string_equal(back.hosts, record.hosts);
	/* A 65th host */
	strcpy(record.hosts, "a");
	for (unsigned i = 0; i < FLEET_HOSTS_MAX; i++)
		(void)snprintf(
		    record.hosts + strlen(record.hosts), 8, ",%u", i);
	assert_err(ERR_INVALID, fleet_record_encode(&record, bytes, &len));
	assert_err(ERR_INVALID,
	    fleet_record_decode(&back, bytes, FLEET_RECORD_MAX + 1));
}

static void
test_a_hash_is_of_its_id(void **state)
{
	uint8_t bytes[FLEET_RECORD_MAX], one[CRYPTO_HASH_LEN];
	uint8_t two[CRYPTO_HASH_LEN];
	size_t len = unhex(bytes, GOLDEN_TOKEN);

	(void)state;
	fleet_record_hash(one, GOLDEN_ID, bytes, len);
	fleet_record_hash(two, GOLDEN_OTHER, bytes, len);
	assert_memory_not_equal(one, two, sizeof(one));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),
	    cmocka_unit_test(test_bad_fields),
	    cmocka_unit_test(test_every_cut_is_refused),
	    cmocka_unit_test(test_one_encoding),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_a_hash_is_of_its_id),
	};

	return unit_run(tests);
}
