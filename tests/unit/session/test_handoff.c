#include "session/handoff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

static const uint8_t KEY[CRYPTO_KEY_LEN] = {1, 2, 3};
static const uint8_t OTHER_KEY[CRYPTO_KEY_LEN] = {1, 2, 4};
static const struct process PROCESS = {123, 4567};

static const struct handoff TYPICAL = {
    .id = "0123456789",
    .user = "alice",
    .service = "sshd",
    .need = "read,write",
    .name = "her B\xc3\xbcro",
    .scopes = "read",
    .ticket = "abcdefghijklmnopqrstuvwxyz234567",
    .lifetime = RECORD_ONCE,
    .limits_sessions = true,
    .expires = NOW,
    .confine = CONFINE_CHILD,
    .at = 1000,
    .nonce = {9, 8, 7},
};

static void
fill(char *text, size_t size)
{
	memset(text, 'x', size - 1);
	text[size - 1] = '\0';
}

static void
expect_round_trip(const struct handoff *handoff)
{
	uint8_t bytes[HANDOFF_BYTES_MAX];
	struct handoff back;
	size_t len = 0;

	memset(&back, 0x55, sizeof(back));
	assert_ok(handoff_encode(handoff, &PROCESS, KEY, bytes, &len));
	assert_in_range(len, 1, HANDOFF_BYTES_MAX);
	assert_ok(handoff_decode(&back, &PROCESS, KEY, bytes, len));
	assert_string_equal(back.id, handoff->id);
	assert_string_equal(back.user, handoff->user);
	assert_string_equal(back.service, handoff->service);
	assert_string_equal(back.need, handoff->need);
	assert_string_equal(back.name, handoff->name);
	assert_string_equal(back.scopes, handoff->scopes);
	assert_string_equal(back.ticket, handoff->ticket);
	assert_int_equal(back.lifetime, handoff->lifetime);
	assert_int_equal(back.limits_sessions, handoff->limits_sessions);
	assert_int_equal(back.confine, handoff->confine);
	assert_true(back.at == handoff->at);
	assert_true(back.expires == handoff->expires);
	assert_memory_equal(back.nonce, handoff->nonce, HANDOFF_NONCE_LEN);
}

/* Nobody authenticates before the boot. */
static void
test_negative_time_is_damage(void **state)
{
	static const int64_t TIMES[] = {INT64_MIN, -1};
	struct handoff handoff = TYPICAL, back;
	uint8_t bytes[HANDOFF_BYTES_MAX];
	size_t len = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(TIMES); i++) {
		handoff.at = TIMES[i];
		assert_ok(handoff_encode(&handoff, &PROCESS, KEY, bytes, &len));
		assert_err(ERR_DAMAGED,
		    handoff_decode(&back, &PROCESS, KEY, bytes, len));
	}
}

static void
test_round_trips(void **state)
{
	static const int64_t TIMES[] = {
	    0, 1, UINT32_MAX, INT64_C(1) << 32, INT64_MAX};
	struct handoff handoff = TYPICAL;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(TIMES); i++) {
		handoff.at = TIMES[i];
		expect_round_trip(&handoff);
	}
	for (int confine = 0; confine < (CONFINE_PROCESS + 1); confine++) {
		handoff.confine = (enum confine_mode)confine;
		expect_round_trip(&handoff);
	}
	fill(handoff.user, sizeof(handoff.user));
	fill(handoff.service, sizeof(handoff.service));
	fill(handoff.need, sizeof(handoff.need));
	fill(handoff.name, sizeof(handoff.name));
	fill(handoff.scopes, sizeof(handoff.scopes));
	memset(handoff.nonce, 0xff, sizeof(handoff.nonce));
	expect_round_trip(&handoff);
	handoff = (struct handoff){.id = "0123456789"};
	expect_round_trip(&handoff);
}

static void
test_text_without_end_is_refused(void **state)
{
	uint8_t bytes[HANDOFF_BYTES_MAX];
	struct handoff handoff = TYPICAL;
	size_t len;

	(void)state;
	memset(handoff.user, 'x', sizeof(handoff.user));
	assert_err(
	    ERR_INTERNAL, handoff_encode(&handoff, &PROCESS, KEY, bytes, &len));
}

static void
expect_damaged(const struct process *process, const uint8_t *key,
    const uint8_t *bytes, size_t len)
{
	static const struct handoff EMPTY;
	struct handoff back;

	memset(&back, 0x55, sizeof(back));
	assert_err(
	    ERR_DAMAGED, handoff_decode(&back, process, key, bytes, len));
	assert_memory_equal(&back, &EMPTY, sizeof(back));
}

static void
test_each_flipped_bit_is_damage(void **state)
{
	uint8_t bytes[HANDOFF_BYTES_MAX];
	size_t len = 0;

	(void)state;
	assert_ok(handoff_encode(&TYPICAL, &PROCESS, KEY, bytes, &len));
	for (size_t bit = 0; bit < 8 * len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		expect_damaged(&PROCESS, KEY, bytes, len);
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
}

static void
test_each_cut_and_extension_is_damage(void **state)
{
	uint8_t bytes[HANDOFF_BYTES_MAX + 64] = {0};
	size_t len = 0;

	(void)state;
	assert_ok(handoff_encode(&TYPICAL, &PROCESS, KEY, bytes, &len));
	for (size_t cut = 0; cut < len; cut++) {
		/* on the heap, where reads beyond the end are noticed */
		uint8_t *copy = malloc(cut + 1);

		assert_non_null(copy);
		memcpy(copy, bytes, cut);
		expect_damaged(&PROCESS, KEY, copy, cut);
		free(copy);
	}
	for (size_t more = 1; more <= 64; more++)
		expect_damaged(&PROCESS, KEY, bytes, len + more);
}

static void
test_another_process_or_key_is_damage(void **state)
{
	static const struct process OTHERS[] = {
	    {124, 4567}, {123, 4568}, {12, 34567}, {1, 4567}, {123, 456}};
	uint8_t bytes[HANDOFF_BYTES_MAX];
	size_t len = 0;

	(void)state;
	assert_ok(handoff_encode(&TYPICAL, &PROCESS, KEY, bytes, &len));
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
		expect_damaged(&OTHERS[i], KEY, bytes, len);
	expect_damaged(&PROCESS, OTHER_KEY, bytes, len);
}

/* Seals bytes with the right key, as another version, or a bug, might. */
static void
expect_sealed_damage(uint8_t *bytes, size_t len)
{
	crypto_mac(
	    bytes + len, KEY, CRYPTO_NAME_HANDOFF, "123-4567", bytes, len);
	expect_damaged(&PROCESS, KEY, bytes, len + CRYPTO_HASH_LEN);
}

#define AT_EXPIRES (1 + HANDOFF_NONCE_LEN + 8)
#define AT_CONFINE (AT_EXPIRES + 8)
#define AT_LIFETIME (AT_CONFINE + 1)
#define AT_LIMITS (AT_LIFETIME + 1)
#define AT_ID (AT_LIMITS + 1)

static void
test_sealed_nonsense_is_damage(void **state)
{
	static const struct {
		size_t offset;
		uint8_t value;
	} CHANGES[] = {
	    {0, 0},                              /* version */
	    {0, 2},                              /* a later one */
	    {AT_EXPIRES + 7, 0x80},              /* before the epoch */
	    {AT_CONFINE, (CONFINE_PROCESS + 1)}, /* unknown */
	    {AT_CONFINE, 0xff},                  /* likewise */
	    {AT_LIFETIME, 3},                    /* unknown */
	    {AT_LIMITS, 2},                      /* neither yes nor no */
	    {AT_ID, 9},                     /* a short id, the rest displaced */
	    {AT_ID, 11},                    /* a long one */
	    {AT_ID + 1, 1},                 /* beyond the end */
	    {AT_ID + 2, 'u'},               /* no letter of an id */
	    {AT_ID + 2 + TOKEN_ID_LEN, 4},  /* length of the user */
	    {AT_ID + 2 + TOKEN_ID_LEN, 6},  /* likewise */
	    {AT_ID + 4 + TOKEN_ID_LEN, 0},  /* a NUL in it */
	    {AT_ID + 11 + TOKEN_ID_LEN, 0}, /* and in another text */
	};
	uint8_t bytes[HANDOFF_BYTES_MAX];
	size_t len = 0;

	(void)state;
	assert_ok(handoff_encode(&TYPICAL, &PROCESS, KEY, bytes, &len));
	len -= CRYPTO_HASH_LEN;
	for (size_t i = 0; i < COUNT_OF(CHANGES); i++) {
		uint8_t old = bytes[CHANGES[i].offset];

		assert_int_not_equal(old, CHANGES[i].value);
		bytes[CHANGES[i].offset] = CHANGES[i].value;
		expect_sealed_damage(bytes, len);
		bytes[CHANGES[i].offset] = old;
	}
	for (size_t cut = 0; cut < len; cut++)
		expect_sealed_damage(bytes, cut);
	assert_ok(handoff_encode(&TYPICAL, &PROCESS, KEY, bytes, &len));
	bytes[len - CRYPTO_HASH_LEN] = 0;
	expect_sealed_damage(bytes, len - CRYPTO_HASH_LEN + 1);
}

static void
test_proof_is_of_its_nonce_and_process(void **state)
{
	static const struct process OTHERS[] = {
	    {124, 4567}, {123, 4568}, {12, 34567}};
	char proof[HANDOFF_PROOF_LEN + 1];
	uint8_t nonce[HANDOFF_NONCE_LEN] = {0};

	(void)state;
	handoff_prove(proof, TYPICAL.nonce, &PROCESS, KEY);
	assert_int_equal(strlen(proof), HANDOFF_PROOF_LEN);
	assert_true(handoff_is_proof(proof));
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
		assert_false(
		    handoff_check_proof(proof, nonce, &OTHERS[i], KEY));
	assert_false(handoff_check_proof(proof, nonce, &PROCESS, OTHER_KEY));
	assert_int_equal(nonce[0], 0);
	assert_true(handoff_check_proof(proof, nonce, &PROCESS, KEY));
	assert_memory_equal(nonce, TYPICAL.nonce, HANDOFF_NONCE_LEN);
}

/*
 * Each digit replaced by each other character, each truncation, and one more.
 */
static void
test_proof_changed_in_any_way(void **state)
{
	char proof[HANDOFF_PROOF_LEN + 2] = "";
	uint8_t nonce[HANDOFF_NONCE_LEN];

	(void)state;
	handoff_prove(proof, TYPICAL.nonce, &PROCESS, KEY);
	for (size_t i = 0; i < HANDOFF_PROOF_LEN; i++) {
		char old = proof[i];

		for (int c = 0; c < 256; c++) {
			proof[i] = (char)c;
			if (proof[i] != old)
				assert_false(handoff_check_proof(
				    proof, nonce, &PROCESS, KEY));
		}
		proof[i] = old;
	}
	assert_true(handoff_check_proof(proof, nonce, &PROCESS, KEY));
	proof[HANDOFF_PROOF_LEN] = '0';
	assert_false(handoff_is_proof(proof));
	assert_false(handoff_check_proof(proof, nonce, &PROCESS, KEY));
}

/* The MAC of a record is no proof, and vice versa. */
static void
test_proof_is_no_record(void **state)
{
	uint8_t bytes[HANDOFF_NONCE_LEN + CRYPTO_HASH_LEN];
	char name[PROCESS_NAME_LEN + 1], proof[HANDOFF_PROOF_LEN + 1] = "";
	uint8_t nonce[HANDOFF_NONCE_LEN];

	(void)state;
	process_name(&PROCESS, name);
	memcpy(bytes, TYPICAL.nonce, HANDOFF_NONCE_LEN);
	crypto_mac(bytes + HANDOFF_NONCE_LEN, KEY, CRYPTO_NAME_HANDOFF, name,
	    bytes, HANDOFF_NONCE_LEN);
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(proof + 2 * i, 3, "%02x", bytes[i]);
	assert_true(handoff_is_proof(proof));
	assert_false(handoff_check_proof(proof, nonce, &PROCESS, KEY));
}

/* What may be found, and what must follow from it, for every pair. */
static void
test_every_pair_of_record_and_proof(void **state)
{
	static const struct {
		const char *name;
		int record, proof;
		enum handoff_outcome outcome;
		const char *says;
	} ROWS[] = {
	    {"none, none", HANDOFF_NO_RECORD, HANDOFF_NO_PROOF, HANDOFF_NOTHING,
		""},
	    {"none, false", HANDOFF_NO_RECORD, HANDOFF_FALSE_PROOF,
		HANDOFF_NOTHING, ""},
	    {"none, unknown", HANDOFF_NO_RECORD, HANDOFF_UNKNOWN_PROOF,
		HANDOFF_REFUSED, ""},
	    {"none, ours", HANDOFF_NO_RECORD, HANDOFF_PROOF, HANDOFF_REFUSED,
		"its record has been removed"},
	    {"bad, none", HANDOFF_BAD_RECORD, HANDOFF_NO_PROOF, HANDOFF_REFUSED,
		""},
	    {"bad, false", HANDOFF_BAD_RECORD, HANDOFF_FALSE_PROOF,
		HANDOFF_REFUSED, ""},
	    {"bad, unknown", HANDOFF_BAD_RECORD, HANDOFF_UNKNOWN_PROOF,
		HANDOFF_REFUSED, ""},
	    {"bad, ours", HANDOFF_BAD_RECORD, HANDOFF_PROOF, HANDOFF_REFUSED,
		""},
	    {"there, none", HANDOFF_RECORD, HANDOFF_NO_PROOF, HANDOFF_REFUSED,
		"lost its proof"},
	    {"there, false", HANDOFF_RECORD, HANDOFF_FALSE_PROOF,
		HANDOFF_REFUSED, "lost its proof"},
	    {"there, unknown", HANDOFF_RECORD, HANDOFF_UNKNOWN_PROOF,
		HANDOFF_REFUSED, ""},
	    {"there, ours", HANDOFF_RECORD, HANDOFF_PROOF, HANDOFF_TOKEN, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct handoff_evidence evidence = {
		    .handoff = &TYPICAL,
		    .nonce = TYPICAL.nonce,
		    .user = "alice",
		    .service = "sshd",
		    .now = TYPICAL.at,
		};

		memcpy(&evidence.record, &ROWS[i].record, sizeof(int));
		memcpy(&evidence.proof, &ROWS[i].proof, sizeof(int));
		why.text[0] = '\0';
		assert_row(ROWS[i].name,
		    handoff_verdict(&evidence, &why) == ROWS[i].outcome);
		assert_row(
		    ROWS[i].name, strstr(why.text, ROWS[i].says) != NULL);
		assert_row(ROWS[i].name,
		    (ROWS[i].says[0] == '\0') == (why.text[0] == '\0'));
	}
}

/* Record and proof exist, and do not match each other or this login. */
static void
test_what_does_not_belong_together(void **state)
{
	static const uint8_t OTHER[HANDOFF_NONCE_LEN] = {9, 8, 6};
	static const uint8_t *const NONCE = TYPICAL.nonce;
	static const struct {
		const char *user, *service;
		const uint8_t *nonce;
		int64_t later;
		enum handoff_outcome outcome;
		const char *says;
	} ROWS[] = {
	    {"alice", "sshd", NONCE, 0, HANDOFF_TOKEN, ""},
	    {"alice", "sshd", NONCE, HANDOFF_AGE_MAX, HANDOFF_TOKEN, ""},
	    {"alice", "sshd", OTHER, 0, HANDOFF_REFUSED, "proof"},
	    {"bob", "sshd", NONCE, 0, HANDOFF_REFUSED, "user"},
	    {"alic", "sshd", NONCE, 0, HANDOFF_REFUSED, "user"},
	    {"alicea", "sshd", NONCE, 0, HANDOFF_REFUSED, "user"},
	    {"", "sshd", NONCE, 0, HANDOFF_REFUSED, "user"},
	    {NULL, "sshd", NONCE, 0, HANDOFF_REFUSED, "user"},
	    {"alice", "sshdro", NONCE, 0, HANDOFF_REFUSED, "service"},
	    {"alice", "", NONCE, 0, HANDOFF_REFUSED, "service"},
	    {"alice", NULL, NONCE, 0, HANDOFF_REFUSED, "service"},
	    {"alice", "sshd", NONCE, HANDOFF_AGE_MAX + 1, HANDOFF_REFUSED,
		"too long ago"},
	    {"alice", "sshd", NONCE, INT32_MAX, HANDOFF_REFUSED,
		"too long ago"},
	    {"alice", "sshd", NONCE, -1, HANDOFF_REFUSED, "too long ago"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		const struct handoff_evidence evidence = {
		    .record = HANDOFF_RECORD,
		    .proof = HANDOFF_PROOF,
		    .handoff = &TYPICAL,
		    .nonce = ROWS[i].nonce,
		    .user = ROWS[i].user,
		    .service = ROWS[i].service,
		    .now = TYPICAL.at + ROWS[i].later,
		};

		why.text[0] = '\0';
		assert_int_equal(
		    handoff_verdict(&evidence, &why), ROWS[i].outcome);
		assert_non_null(strstr(why.text, ROWS[i].says));
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(test_round_trips),
	    cmocka_unit_test(test_negative_time_is_damage),
	    cmocka_unit_test(test_text_without_end_is_refused),
	    cmocka_unit_test(test_each_flipped_bit_is_damage),
	    cmocka_unit_test(test_each_cut_and_extension_is_damage),
	    cmocka_unit_test(test_another_process_or_key_is_damage),
	    cmocka_unit_test(test_sealed_nonsense_is_damage),
	    cmocka_unit_test(test_proof_is_of_its_nonce_and_process),
	    cmocka_unit_test(test_proof_changed_in_any_way),
	    cmocka_unit_test(test_proof_is_no_record),
	    cmocka_unit_test(test_every_pair_of_record_and_proof),
	    cmocka_unit_test(test_what_does_not_belong_together),
	};

	return unit_run(TESTS);
}
