#include "base/crypto.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "lib/unit.h"

/* The kernel returns as much as it has, unless this says otherwise. */
static struct {
	size_t most; /* bytes at a time; 0: no bound */
	int interruptions;
	int error; /* after these bytes */
	int calls;
} kernel;

ssize_t __real_getrandom(void *, size_t, unsigned);
ssize_t __wrap_getrandom(void *, size_t, unsigned);

/* By the linker's --wrap. */
ssize_t
__wrap_getrandom(void *buf, size_t len, unsigned flags)
{
	kernel.calls++;
	if (kernel.interruptions > 0) {
		kernel.interruptions--;
		errno = EINTR;
		return -1;
	}
	if (kernel.error != 0) {
		errno = kernel.error;
		return -1;
	}
	if (kernel.most != 0 && len > kernel.most)
		len = kernel.most;
	return __real_getrandom(buf, len, flags);
}

/* The result of Python's hashlib.blake2b for the key 00 01 .. 1f. */
static const char DIGEST_ABC[] =
    "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f";
static const char DIGEST_EMPTY[] =
    "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d";
static const char SUBKEY_DIGEST[] = /* salt: the use, personal: apitoken */
    "95df5aa3e602d9ba7ce662afeef512fc59126026670c8fe209b38eb29abf428e";
static const char SUBKEY_RECORD[] =
    "6ef3d9633a750da6e8311762110a94bb14c4e141d9331e1313d2eabb3e378ace";
static const char MAC_NAME_DATA[] = /* of t name NUL data */
    "efb441a207b955aef0e79ba061ad556fe6be32815dbb3d18efdedf30d0c56636";

static void
make_key(uint8_t key[CRYPTO_KEY_LEN])
{
	for (uint8_t i = 0; i < CRYPTO_KEY_LEN; i++)
		key[i] = i;
}

static void
expect_hex(const uint8_t bytes[32], const char *hex)
{
	static const char DIGITS[] = "0123456789abcdef";
	char text[65] = "";

	for (size_t i = 0; i < 32; i++) {
		text[2 * i] = DIGITS[bytes[i] >> 4];
		text[2 * i + 1] = DIGITS[bytes[i] & 15];
	}
	assert_string_equal(text, hex);
}

static void
test_init_may_be_repeated(void **state)
{
	(void)state;
	assert_ok(crypto_init(NULL));
	assert_ok(crypto_init(NULL));
}

static void
test_random_in_parts_and_interrupted(void **state)
{
	uint8_t bytes[64] = {0}, none[8] = {0};

	(void)state;
	kernel = (typeof(kernel)){.most = 5, .interruptions = 2};
	assert_ok(crypto_random(bytes, sizeof(bytes)));
	assert_int_equal(kernel.calls, 2 + 13);
	/* all 0: 2^-64 */
	assert_memory_not_equal(bytes + 56, none, 8);
	kernel = (typeof(kernel)){.most = 0};
}

/* The result does not depend on uninitialized memory. */
static void
test_no_random_bytes_no_token(void **state)
{
	static const int ERRORS[] = {ENOSYS, EPERM, EAGAIN, EFAULT};
	char text[17] = "as it was before";
	uint8_t byte;

	(void)state;
	for (size_t i = 0; i < sizeof(ERRORS) / sizeof(ERRORS[0]); i++) {
		kernel = (typeof(kernel)){
		    .error = ERRORS[i], .interruptions = (int)i};
		assert_err(ERR_RANDOM, crypto_random(&byte, 1));
		assert_err(ERR_RANDOM, crypto_draw(text, 16, "ab"));
		assert_string_equal(text, "as it was before");
	}
	kernel = (typeof(kernel)){.error = 0};
}

static void
test_random_fills_all_and_no_more(void **state)
{
	uint8_t bytes[34] = {0}, seen[34] = {0};

	(void)state;
	/* Each byte stays 0 with 2^-8 in each try; in all tries: 2^-512. */
	for (int i = 0; i < 64; i++) {
		assert_ok(crypto_random(bytes + 1, 32));
		for (size_t at = 0; at < sizeof(bytes); at++)
			seen[at] |= bytes[at];
	}
	for (size_t at = 1; at < 33; at++)
		assert_int_not_equal(seen[at], 0);
	assert_int_equal(seen[0], 0);
	assert_int_equal(seen[33], 0);
}

/* Each letter occurs about equally often; this never fails by chance. */
static void
test_draw_is_uniform(void **state)
{
	static const char LETTERS[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char drawn[62 * 1000 + 1] = "";
	size_t seen[256] = {0};

	(void)state;
	drawn[sizeof(drawn) - 1] = '!';
	assert_ok(crypto_draw(drawn, sizeof(drawn) - 1, LETTERS));
	assert_int_equal(drawn[sizeof(drawn) - 1], '!');
	for (size_t i = 0; i < sizeof(drawn) - 1; i++)
		seen[(unsigned char)drawn[i]]++;
	/* Within 8 standard deviations of 1000. */
	for (size_t i = 0; i < 62; i++)
		assert_in_range(seen[(unsigned char)LETTERS[i]], 750, 1250);
}

static void
test_draw_of_one_letter(void **state)
{
	char drawn[101] = "";

	(void)state;
	assert_ok(crypto_draw(drawn, 100, "x"));
	assert_int_equal(strspn(drawn, "x"), 100);
	assert_ok(crypto_draw(drawn, 0, "y"));
	assert_int_equal(drawn[0], 'x');
}

/* Python's hashlib.blake2b(b"abc", digest_size=32). */
static const char HASH_ABC[] =
    "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";

static void
test_plain_hash_is_blake2b(void **state)
{
	uint8_t hash[CRYPTO_HASH_LEN];

	(void)state;
	crypto_plain_hash(hash, "abc", 3);
	expect_hex(hash, HASH_ABC);
}

static void
test_digest_is_keyed_blake2b(void **state)
{
	uint8_t key[CRYPTO_KEY_LEN], digest[CRYPTO_HASH_LEN];

	(void)state;
	make_key(key);
	crypto_digest(digest, key, "abc", 3);
	expect_hex(digest, DIGEST_ABC);
	crypto_digest(digest, key, "", 0);
	expect_hex(digest, DIGEST_EMPTY);
}

static void
test_subkeys_are_those_of_the_format(void **state)
{
	uint8_t key[CRYPTO_KEY_LEN], subkey[CRYPTO_KEY_LEN];

	(void)state;
	make_key(key);
	crypto_subkey(subkey, CRYPTO_USE_DIGEST, key);
	expect_hex(subkey, SUBKEY_DIGEST);
	crypto_subkey(subkey, CRYPTO_USE_RECORD, key);
	expect_hex(subkey, SUBKEY_RECORD);
}

static void
test_mac_is_that_of_the_format(void **state)
{
	uint8_t key[CRYPTO_KEY_LEN], mac[CRYPTO_HASH_LEN];

	(void)state;
	make_key(key);
	crypto_mac(mac, key, CRYPTO_NAME_TOKEN, "name", "data", 4);
	expect_hex(mac, MAC_NAME_DATA);
}

static void
expect_other_mac(const uint8_t mac[CRYPTO_HASH_LEN],
    const uint8_t key[CRYPTO_KEY_LEN], enum crypto_name kind, const char *name,
    const char *data)
{
	uint8_t other[CRYPTO_HASH_LEN];

	crypto_mac(other, key, kind, name, data, strlen(data));
	assert_false(crypto_equal(mac, other));
}

static void
test_mac_covers_all_it_is_given(void **state)
{
	uint8_t key[CRYPTO_KEY_LEN], mac[CRYPTO_HASH_LEN];

	(void)state;
	make_key(key);
	crypto_mac(mac, key, CRYPTO_NAME_TOKEN, "name", "data", 4);
	expect_other_mac(mac, key, CRYPTO_NAME_USER, "name", "data");
	expect_other_mac(mac, key, CRYPTO_NAME_CHECK, "name", "data");
	expect_other_mac(mac, key, CRYPTO_NAME_TOKEN, "nam", "data");
	expect_other_mac(mac, key, CRYPTO_NAME_TOKEN, "name", "dat");
	/* the border between name and data */
	expect_other_mac(mac, key, CRYPTO_NAME_TOKEN, "named", "ata");
	expect_other_mac(mac, key, CRYPTO_NAME_TOKEN, "nam", "edata");
	key[31] ^= 1;
	expect_other_mac(mac, key, CRYPTO_NAME_TOKEN, "name", "data");
}

static void
test_equal_sees_each_bit(void **state)
{
	uint8_t a[CRYPTO_HASH_LEN], b[CRYPTO_HASH_LEN];

	(void)state;
	make_key(a);
	make_key(b);
	assert_true(crypto_equal(a, b));
	for (unsigned bit = 0; bit < 8 * CRYPTO_HASH_LEN; bit++) {
		b[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(crypto_equal(a, b));
		b[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
}

static void
test_wipe_clears_all_and_no_more(void **state)
{
	uint8_t bytes[18];

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	crypto_wipe(bytes + 1, 16);
	for (size_t i = 1; i < 17; i++)
		assert_int_equal(bytes[i], 0);
	assert_int_equal(bytes[0], 0xff);
	assert_int_equal(bytes[17], 0xff);
}

#if defined(__x86_64__) && __has_attribute(zero_call_used_regs)
#define HAS_REGISTERS
/* memcpy has left a part of a secret in one; a short memset does not use it. */
static void
test_wipe_clears_registers(void **state)
{
	uint8_t part[16], bytes[16];

	(void)state;
	memset(part, 0xff, sizeof(part));
	__asm__ volatile("movups %0, %%xmm1" : : "m"(part) : "xmm1");
	crypto_wipe(bytes, sizeof(bytes));
	__asm__ volatile("movups %%xmm1, %0" : "=m"(part));
	for (size_t i = 0; i < sizeof(part); i++)
		assert_int_equal(part[i], 0);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_init_may_be_repeated),
	    cmocka_unit_test(test_random_in_parts_and_interrupted),
	    cmocka_unit_test(test_no_random_bytes_no_token),
	    cmocka_unit_test(test_random_fills_all_and_no_more),
	    cmocka_unit_test(test_draw_is_uniform),
	    cmocka_unit_test(test_draw_of_one_letter),
	    cmocka_unit_test(test_plain_hash_is_blake2b),
	    cmocka_unit_test(test_digest_is_keyed_blake2b),
	    cmocka_unit_test(test_subkeys_are_those_of_the_format),
	    cmocka_unit_test(test_mac_is_that_of_the_format),
	    cmocka_unit_test(test_mac_covers_all_it_is_given),
	    cmocka_unit_test(test_equal_sees_each_bit),
	    cmocka_unit_test(test_wipe_clears_all_and_no_more),
#ifdef HAS_REGISTERS
	    cmocka_unit_test(test_wipe_clears_registers),
#endif
	};

	return unit_run(tests);
}
