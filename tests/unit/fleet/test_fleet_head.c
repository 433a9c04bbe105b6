/* Heads, sets and snapshots: those that vectors.py makes, and no others. */
#include "fleet/fleet_head.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "fleet/fleet_set.h"
#include "fleet/fleet_snapshot.h"
#include "golden.h"
#include "lib/fleet.h"
#include "lib/unit.h"

static void
golden_head(struct fleet_head *head)
{
	*head = (struct fleet_head){.epoch = 1,
	    .seq = 7,
	    .count = 2,
	    .time = NOW,
	    .valid_until = NOW + 3600};
	strcpy(head->issuer, "hub");
	assert_true(hex_get(head->fleet, FLEET_ID_LEN, FLEET_ID_TEXT));
	assert_true(hex_get(head->key, sizeof(head->key), GOLDEN_PUBLIC));
	assert_true(hex_get(head->set, sizeof(head->set), GOLDEN_SET));
}

static void
test_golden(void **state)
{
	uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN];
	char text[FLEET_HEAD_MAX + 1];
	struct fleet_head head, back;
	size_t used = 0;

	(void)state;
	golden_head(&head);
	assert_true(hex_get(secret, sizeof(secret), GOLDEN_SECRET));
	assert_int_equal(
	    fleet_head_sign(&head, secret, text), strlen(GOLDEN_HEAD));
	assert_string_equal(text, GOLDEN_HEAD);
	assert_ok(
	    fleet_head_read(&back, GOLDEN_HEAD, strlen(GOLDEN_HEAD), &used));
	assert_int_equal(used, strlen(GOLDEN_HEAD));
	assert_true(fleet_head_equals(&head, &back));
}

static void
test_golden_set(void **state)
{
	uint8_t hash[CRYPTO_HASH_LEN], golden[CRYPTO_HASH_LEN];
	struct fleet_set set;

	(void)state;
	fleet_set_start(&set, 2);
	assert_true(hex_get(hash, sizeof(hash), GOLDEN_TOKEN_HASH));
	fleet_set_add(&set, "0123456789", hash);
	assert_true(hex_get(hash, sizeof(hash), GOLDEN_REVOKE_HASH));
	fleet_set_add(&set, "abcdefghjk", hash);
	fleet_set_end(&set, hash);
	assert_true(hex_get(golden, sizeof(golden), GOLDEN_SET));
	assert_memory_equal(hash, golden, sizeof(hash));
}

/* RFC 8032, 7.1, TEST 2 and TEST 3 */
static void
test_signatures_of_the_rfc(void **state)
{
	static const struct {
		const char *secret, *public, *message, *signature;
	} TESTS[] = {
	    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af46"
		"60c",
		"72",
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb6"
		"9da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612"
		"bb0c00"},
	    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908"
		"025",
		"af82",
		"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac"
		"3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea"
		"1ec40a"},
	};
	uint8_t secret[32], public[32], expected[32], message[2];
	uint8_t signature[64], made[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(TESTS); i++) {
		size_t len = strlen(TESTS[i].message) / 2;

		assert_true(hex_get(secret, 32, TESTS[i].secret));
		assert_true(hex_get(expected, 32, TESTS[i].public));
		assert_true(hex_get(message, len, TESTS[i].message));
		assert_true(hex_get(signature, 64, TESTS[i].signature));
		crypto_signature_key(public, secret);
		assert_memory_equal(public, expected, 32);
		crypto_signature_make(made, secret, message, len);
		assert_memory_equal(made, signature, 64);
		assert_true(
		    crypto_signature_holds(signature, public, message, len));
		signature[i] ^= 1;
		assert_false(
		    crypto_signature_holds(signature, public, message, len));
	}
}

/* Each byte of it counts, also those that say the same in another way. */
static void
test_every_change_is_refused(void **state)
{
	char text[FLEET_HEAD_MAX + 1];
	size_t len = strlen(GOLDEN_HEAD), used;
	struct fleet_head head;

	(void)state;
	for (size_t i = 0; i < len; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(text, GOLDEN_HEAD, len);
			text[i] = (char)(text[i] ^ 1 << bit);
			assert_int_not_equal(
			    fleet_head_read(&head, text, len, &used), ERR_OK);
			assert_int_equal(head.issuer[0], '\0');
		}
		assert_int_not_equal(
		    fleet_head_read(&head, GOLDEN_HEAD, i, &used), ERR_OK);
	}
}

/* Signed, and nevertheless not a head. */
static void
test_bad_values_are_not_signed(void **state)
{
	char text[FLEET_HEAD_MAX + 1];
	uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN] = {1};
	struct fleet_head good, head;

	(void)state;
	golden_head(&good);
	assert_int_not_equal(fleet_head_sign(&good, secret, text), 0);
	head = good;
	strcpy(head.issuer, "Hub");
	assert_int_equal(fleet_head_sign(&head, secret, text), 0);
	strcpy(head.issuer, "a\nb");
	assert_int_equal(fleet_head_sign(&head, secret, text), 0);
	head = good;
	head.count = FLEET_COUNT_MAX + 1;
	assert_int_equal(fleet_head_sign(&head, secret, text), 0);
	head = good;
	head.seq = UINT64_MAX;
	assert_int_equal(fleet_head_sign(&head, secret, text), 0);
	head = good;
	head.time = -1;
	assert_int_equal(fleet_head_sign(&head, secret, text), 0);
	head = good;
	head.valid_until = FLEET_TIME_MAX + 1;
	assert_int_equal(fleet_head_sign(&head, secret, text), 0);
	head.valid_until = TIME_NEVER;
	assert_int_not_equal(fleet_head_sign(&head, secret, text), 0);
	assert_non_null(strstr(text, "\nvalid_until=never\n"));
}

/* Signs a text of its own making. */
static enum err
read_signed(const char *lines)
{
	uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN];
	uint8_t signature[CRYPTO_SIGNATURE_LEN];
	char text[2 * FLEET_HEAD_MAX], *end;
	struct fleet_head head;
	size_t used;

	assert_true(hex_get(secret, sizeof(secret), GOLDEN_SECRET));
	crypto_signature_make(signature, secret, lines, strlen(lines));
	end = stpcpy(stpcpy(text, lines), "sig=");
	hex_put(end, signature, sizeof(signature));
	strcat(text, "\n");
	return fleet_head_read(&head, text, strlen(text), &used);
}

static void
test_other_writings_are_refused(void **state)
{
	static const struct {
		const char *from, *to;
		enum err expected;
	} ROWS[] = {
	    {"seq=7\n", "seq=7\n", ERR_OK},
	    {"seq=7\n", "seq=07\n", ERR_INVALID},
	    {"seq=7\n", "seq=+7\n", ERR_INVALID},
	    {"seq=7\n", "seq= 7\n", ERR_INVALID},
	    {"seq=7\n", "seq=7 \n", ERR_INVALID},
	    {"seq=7\n", "seq=7\r\n", ERR_INVALID},
	    {"seq=7\n", "seq=7\nseq=8\n", ERR_INVALID},
	    {"seq=7\n", "seq=\n", ERR_INVALID},
	    {"seq=7\n", "", ERR_INVALID},
	    {"seq=7\ncount=2\n", "count=2\nseq=7\n", ERR_INVALID},
	    {"seq=7\n", "more=1\nseq=7\n", ERR_INVALID},
	    {"fleet=0001", "fleet=00 1", ERR_INVALID},
	    {"0c0d0e0f", "0C0D0E0F", ERR_INVALID},
	    {"time=1800000000", "time=0", ERR_INVALID},
	    {"valid_until=1800003600", "valid_until=never", ERR_OK},
	    {"valid_until=1800003600", "valid_until=Never", ERR_INVALID},
	    {"head 1\n", "head 2\n", ERR_NEWER},
	    {"head 1\n", "head 0\n", ERR_INVALID},
	    {"head 1\n", "head  1\n", ERR_INVALID},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		char lines[FLEET_HEAD_MAX + 1];
		const char *at = strstr(GOLDEN_HEAD, ROWS[i].from);
		size_t before;

		assert_non_null(at);
		before = (size_t)(at - GOLDEN_HEAD);
		memcpy(lines, GOLDEN_HEAD, before);
		strcpy(lines + before, ROWS[i].to);
		strcat(lines, at + strlen(ROWS[i].from));
		*strstr(lines, "sig=") = '\0';
		assert_row(ROWS[i].to, read_signed(lines) == ROWS[i].expected);
	}
}

static void
start_snapshot(struct issuer *issuer)
{
	struct fleet_record record;

	issuer_start(issuer, "hub");
	fleet_sample(&record, GOLDEN_TEXT);
	issuer_put(issuer, "0123456789", &record);
	fleet_sample_revoke(&record);
	issuer_put(issuer, "abcdefghjk", &record);
	(void)issuer_sign(issuer);
}

static void
test_a_snapshot_is_what_it_was(void **state)
{
	struct issuer issuer;
	struct fleet_list list;
	uint8_t *bytes;
	size_t len;

	(void)state;
	start_snapshot(&issuer);
	bytes = issuer_snapshot(&issuer, &len);
	assert_ok(fleet_snapshot_read(&list, bytes, len, &why));
	assert_true(fleet_head_equals(&list.head, &issuer.head));
	assert_int_equal(list.count, 2);
	for (size_t i = 0; i < list.count; i++) {
		const struct fleet_item *item = &list.items[i];

		assert_string_equal(item->id, issuer.list.items[i].id);
		assert_int_equal(item->len, issuer.list.items[i].len);
		assert_memory_equal(
		    item->bytes, issuer.list.items[i].bytes, item->len);
	}
	fleet_list_free(&list);
	free(bytes);
	issuer_free(&issuer);
}

static void
test_a_snapshot_that_is_cut_or_longer(void **state)
{
	struct issuer issuer;
	struct fleet_list list;
	uint8_t *bytes;
	size_t len;

	(void)state;
	start_snapshot(&issuer);
	bytes = issuer_snapshot(&issuer, &len);
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_not_equal(
		    fleet_snapshot_read(&list, bytes, cut, &why), ERR_OK);
		fleet_list_free(&list);
	}
	assert_says("cut");
	bytes[len] = 0; /* there is room */
	assert_err(
	    ERR_INVALID, fleet_snapshot_read(&list, bytes, len + 1, &why));
	assert_says("more in it");
	fleet_list_free(&list);
	free(bytes);
	issuer_free(&issuer);
}

/* It asks for no more memory than the file could need. */
static void
test_a_head_that_promises_a_million(void **state)
{
	struct issuer issuer;
	struct fleet_list list;
	uint8_t *bytes;
	size_t len;

	(void)state;
	start_snapshot(&issuer);
	issuer.head.count = FLEET_COUNT_MAX;
	bytes = issuer_snapshot(&issuer, &len);
	assert_err(ERR_INVALID, fleet_snapshot_read(&list, bytes, len, &why));
	assert_null(list.items);
	free(bytes);
	issuer_free(&issuer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),
	    cmocka_unit_test(test_golden_set),
	    cmocka_unit_test(test_signatures_of_the_rfc),
	    cmocka_unit_test(test_every_change_is_refused),
	    cmocka_unit_test(test_bad_values_are_not_signed),
	    cmocka_unit_test(test_other_writings_are_refused),
	    cmocka_unit_test(test_a_snapshot_is_what_it_was),
	    cmocka_unit_test(test_a_snapshot_that_is_cut_or_longer),
	    cmocka_unit_test(test_a_head_that_promises_a_million),
	};

	return unit_run(tests);
}
