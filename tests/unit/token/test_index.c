#include "token/index.h"

#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

#define FORMAT 1
#define HEAD 5
#define STEP 16
#define USER "alice"

static const uint8_t KEY[CRYPTO_KEY_LEN] = {1, 2, 3};
static const uint8_t OTHER_KEY[CRYPTO_KEY_LEN] = {1, 2, 4};
static const size_t COUNTS[] = {0, 1, 2, 15, 16, 17, 32, 33, 1000};

static void
make_id(char id[TOKEN_ID_LEN + 1], size_t number)
{
	for (size_t at = TOKEN_ID_LEN; at-- > 0; number /= 10)
		id[at] = (char)('0' + number % 10);
	id[TOKEN_ID_LEN] = '\0';
}

static void
make_index(struct index *index, size_t count)
{
	char id[TOKEN_ID_LEN + 1];

	*index = (struct index){0};
	for (size_t i = 0; i < count; i++) {
		make_id(id, i);
		assert_ok(index_add(index, id));
	}
}

/* The bytes of an index with this many ids, to be freed. */
static uint8_t *
make_bytes(size_t count, size_t *len)
{
	struct index index;
	uint8_t *bytes = NULL;

	make_index(&index, count);
	assert_ok(index_encode(&index, USER, KEY, &bytes, len));
	index_free(&index);
	return bytes;
}

static void
expect_refused(enum err expected, const char *user, const uint8_t *key,
    const uint8_t *bytes, size_t len)
{
	struct index back = {.count = 7};

	assert_err(expected, index_decode(&back, user, key, bytes, len));
	assert_null(back.ids);
	assert_int_equal(back.count, 0);
}

static void
test_add_keeps_the_order(void **state)
{
	struct index index;
	char id[TOKEN_ID_LEN + 1];

	(void)state;
	make_index(&index, 40);
	assert_int_equal(index.count, 40);
	for (size_t i = 0; i < 40; i++) {
		make_id(id, i);
		assert_string_equal(index.ids[i], id);
	}
	index_free(&index);
	assert_null(index.ids);
	assert_int_equal(index.count, 0);
}

static void
test_remove_takes_out_one(void **state)
{
	struct index index;

	(void)state;
	make_index(&index, 4);
	index_remove(&index, "0000000002");
	assert_int_equal(index.count, 3);
	assert_string_equal(index.ids[1], "0000000001");
	assert_string_equal(index.ids[2], "0000000003");
	index_remove(&index, "0000000002"); /* not there any more */
	assert_int_equal(index.count, 3);
	index_remove(&index, "0000000000");
	index_remove(&index, "0000000003");
	assert_int_equal(index.count, 1);
	assert_string_equal(index.ids[0], "0000000001");
	index_remove(&index, "0000000001");
	assert_int_equal(index.count, 0);
	index_remove(&index, "0000000001");
	assert_int_equal(index.count, 0);
	index_free(&index);
}

static void
test_round_trip(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(COUNTS); i++) {
		struct index index, back = {0};
		size_t len = 0;
		uint8_t *bytes = make_bytes(COUNTS[i], &len);

		make_index(&index, COUNTS[i]);
		assert_ok(index_decode(&back, USER, KEY, bytes, len));
		assert_int_equal(back.count, COUNTS[i]);
		for (size_t at = 0; at < COUNTS[i]; at++)
			assert_string_equal(back.ids[at], index.ids[at]);
		index_free(&index);
		index_free(&back);
		free(bytes);
	}
}

static void
test_room_grows_in_steps(void **state)
{
	(void)state;
	for (size_t count = 0; count <= 50; count++) {
		size_t len = 0, steps = (count + STEP - 1) / STEP;

		free(make_bytes(count, &len));
		assert_int_equal(
		    len, HEAD + steps * STEP * TOKEN_ID_LEN + CRYPTO_HASH_LEN);
	}
}

/* What was removed must not stay behind in the unused room. */
static void
test_room_is_zeroed(void **state)
{
	size_t len = 0;
	uint8_t *bytes = make_bytes(3, &len);

	(void)state;
	for (size_t i = HEAD + 3 * TOKEN_ID_LEN; i < len - CRYPTO_HASH_LEN; i++)
		assert_int_equal(bytes[i], 0);
	free(bytes);
}

static void
test_each_flipped_bit_is_damage(void **state)
{
	static const size_t SOME[] = {0, 1, 16, 17};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SOME); i++) {
		size_t len = 0;
		uint8_t *bytes = make_bytes(SOME[i], &len);

		for (size_t bit = 0; bit < 8 * len; bit++) {
			bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
			expect_refused(ERR_DAMAGED, USER, KEY, bytes, len);
			bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
		free(bytes);
	}
}

static void
test_each_cut_is_damage(void **state)
{
	size_t len = 0;
	uint8_t *bytes = make_bytes(17, &len);

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		/* on the heap, where reads beyond the end are noticed */
		uint8_t *copy = malloc(cut + 1);

		assert_non_null(copy);
		memcpy(copy, bytes, cut);
		expect_refused(ERR_DAMAGED, USER, KEY, copy, cut);
		free(copy);
	}
	free(bytes);
}

static void
test_another_user_or_key_is_damage(void **state)
{
	size_t len = 0;
	uint8_t *bytes = make_bytes(3, &len);

	(void)state;
	expect_refused(ERR_DAMAGED, "alic", KEY, bytes, len);
	expect_refused(ERR_DAMAGED, "alicf", KEY, bytes, len);
	expect_refused(ERR_DAMAGED, "", KEY, bytes, len);
	expect_refused(ERR_DAMAGED, USER, OTHER_KEY, bytes, len);
	free(bytes);
}

/* Seals the handmade bytes and expects the error. */
static void
seal_and_expect(
    uint8_t *bytes, size_t len, enum crypto_name kind, enum err expected)
{
	crypto_mac(bytes + len, KEY, kind, USER, bytes, len);
	expect_refused(expected, USER, KEY, bytes, len + CRYPTO_HASH_LEN);
}

static void
test_sealed_but_wrong(void **state)
{
	uint8_t bytes[HEAD + TOKEN_ID_LEN + CRYPTO_HASH_LEN] = {FORMAT, 1};
	size_t len = HEAD + TOKEN_ID_LEN;

	(void)state;
	memcpy(bytes + HEAD, "0123456789", TOKEN_ID_LEN);
	/* a token's record, stored for a user with the name of the token */
	seal_and_expect(bytes, len, CRYPTO_NAME_TOKEN, ERR_DAMAGED);
	bytes[0] = FORMAT + 1;
	seal_and_expect(bytes, len, CRYPTO_NAME_USER, ERR_NEWER);
	bytes[0] = FORMAT;
	bytes[1] = 2; /* more ids than there are */
	seal_and_expect(bytes, len, CRYPTO_NAME_USER, ERR_DAMAGED);
	bytes[1] = 1;
	bytes[4] = 0xff; /* 4 thousand million of them */
	seal_and_expect(bytes, len, CRYPTO_NAME_USER, ERR_DAMAGED);
	bytes[4] = 0;
	bytes[HEAD] = 'i'; /* not in the alphabet */
	seal_and_expect(bytes, len, CRYPTO_NAME_USER, ERR_DAMAGED);
	bytes[HEAD] = '\0';
	seal_and_expect(bytes, len, CRYPTO_NAME_USER, ERR_DAMAGED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_add_keeps_the_order),
	    cmocka_unit_test(test_remove_takes_out_one),
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_room_grows_in_steps),
	    cmocka_unit_test(test_room_is_zeroed),
	    cmocka_unit_test(test_each_flipped_bit_is_damage),
	    cmocka_unit_test(test_each_cut_is_damage),
	    cmocka_unit_test(test_another_user_or_key_is_damage),
	    cmocka_unit_test(test_sealed_but_wrong),
	};

	return unit_run(tests);
}
