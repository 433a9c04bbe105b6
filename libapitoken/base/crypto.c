#include "base/crypto.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>

/* The context of libsodium's key derivation. */
static const char CONTEXT[crypto_kdf_CONTEXTBYTES] = {
    'a', 'p', 'i', 't', 'o', 'k', 'e', 'n'};

/* Bytes of stack that libsodium's BLAKE2b uses, and some to spare. */
#define STACK_USED 2048

static_assert(crypto_kdf_KEYBYTES == CRYPTO_KEY_LEN, "key of another size");
static_assert(crypto_generichash_BYTES == CRYPTO_HASH_LEN, "hash length");

typedef crypto_generichash_state hash_state;

static_assert(sizeof(hash_state) <= sizeof(struct crypto_hashing) &&
	alignof(hash_state) <= alignof(struct crypto_hashing),
    "hash state");
static_assert(crypto_sign_ed25519_SEEDBYTES == CRYPTO_SIGNATURE_SECRET_LEN &&
	crypto_sign_ed25519_PUBLICKEYBYTES == CRYPTO_SIGNATURE_KEY_LEN &&
	crypto_sign_ed25519_BYTES == CRYPTO_SIGNATURE_LEN,
    "signature and its keys");

typedef crypto_secretstream_xchacha20poly1305_state stream_state;

static_assert(crypto_secretstream_xchacha20poly1305_KEYBYTES == CRYPTO_KEY_LEN,
    "stream key length");
static_assert(
    crypto_secretstream_xchacha20poly1305_HEADERBYTES == CRYPTO_STREAM_HEAD,
    "stream head length");
static_assert(
    crypto_secretstream_xchacha20poly1305_ABYTES == CRYPTO_STREAM_EXTRA,
    "sealed part length");
static_assert(sizeof(stream_state) <= sizeof(struct crypto_stream) &&
	alignof(stream_state) == 1,
    "stream state");

/*
 * Parts of a secret also stay in the vector registers that copied it, and a
 * signal or the dynamic linker would put these on the stack. It stands before
 * all that calls it: clang 19 forgets the attribute of a function that it has
 * seen called.
 */
#if __has_attribute(zero_call_used_regs) /* gcc 11, clang 15 */
__attribute__((zero_call_used_regs("all")))
#endif
void
crypto_wipe(void *buf, size_t len)
{
	sodium_memzero(buf, len);
	/* So that it returns to here, and does not end this function. */
	__asm__ volatile("" : : : "memory");
}

enum err
crypto_init(struct error *why)
{
	static atomic_bool done;
	uint8_t byte;
	enum err rc;

	if (done)
		return ERR_OK;
	/* sodium_init ends the process if there are no random numbers. */
	rc = crypto_random(&byte, 1);
	if (rc != ERR_OK)
		return error_plain(why, rc);
	if (sodium_init() < 0)
		return error_set(why, ERR_INTERNAL, "libsodium does not start");
	done = true;
	return ERR_OK;
}

/*
 * Not libsodium's, which ends the process if the kernel, or a seccomp filter of
 * the host, gives it none: a token is not worth somebody's daemon.
 */
enum err
crypto_random(void *buf, size_t len)
{
	uint8_t *at = buf;

	while (len > 0) {
		ssize_t got = getrandom(at, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ERR_RANDOM;
		at += got;
		len -= (size_t)got;
	}
	return ERR_OK;
}

enum err
crypto_draw(char *out, size_t len, const char *alphabet)
{
	unsigned letters = (unsigned)strlen(alphabet);
	/* A byte above would favour the first letters, so draw again. */
	unsigned bound = 256 - 256 % letters;
	uint8_t bytes[64];
	size_t left = 0;
	enum err rc = ERR_OK;

	while (len > 0) {
		if (left == 0) {
			left = sizeof(bytes);
			rc = crypto_random(bytes, left);
		}
		if (rc != ERR_OK)
			break;
		if (bytes[--left] >= bound)
			continue;
		*out++ = alphabet[bytes[left] % letters];
		len--;
	}
	crypto_wipe(bytes, sizeof(bytes));
	return rc;
}

void
crypto_subkey(uint8_t subkey[CRYPTO_KEY_LEN], enum crypto_use use,
    const uint8_t key[CRYPTO_KEY_LEN])
{
	(void)crypto_kdf_derive_from_key(
	    subkey, CRYPTO_KEY_LEN, (uint64_t)use, CONTEXT, key);
	/* libsodium's BLAKE2b leaves its result on the stack. */
	sodium_stackzero(STACK_USED);
}

void
crypto_digest(uint8_t digest[CRYPTO_HASH_LEN],
    const uint8_t key[CRYPTO_KEY_LEN], const void *data, size_t len)
{
	(void)crypto_generichash(
	    digest, CRYPTO_HASH_LEN, data, len, key, CRYPTO_KEY_LEN);
}

void
crypto_plain_hash(uint8_t hash[CRYPTO_HASH_LEN], const void *data, size_t len)
{
	(void)crypto_generichash(hash, CRYPTO_HASH_LEN, data, len, NULL, 0);
	sodium_stackzero(STACK_USED); /* see crypto_subkey */
}

/* Nothing but bytes: see the assertion above. */
static hash_state *
hash_of(struct crypto_hashing *hash)
{
	return (hash_state *)(void *)hash->state;
}

void
crypto_hashing_start(struct crypto_hashing *hash)
{
	(void)crypto_generichash_init(hash_of(hash), NULL, 0, CRYPTO_HASH_LEN);
}

void
crypto_hashing_add(struct crypto_hashing *hash, const void *data, size_t len)
{
	(void)crypto_generichash_update(hash_of(hash), data, len);
}

void
crypto_hashing_end(struct crypto_hashing *hash, uint8_t result[CRYPTO_HASH_LEN])
{
	(void)crypto_generichash_final(hash_of(hash), result, CRYPTO_HASH_LEN);
}

void
crypto_signature_key(uint8_t public[CRYPTO_SIGNATURE_KEY_LEN],
    const uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN])
{
	uint8_t both[crypto_sign_ed25519_SECRETKEYBYTES];

	(void)crypto_sign_ed25519_seed_keypair(public, both, secret);
	crypto_wipe(both, sizeof(both));
}

void
crypto_signature_make(uint8_t signature[CRYPTO_SIGNATURE_LEN],
    const uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN], const void *data,
    size_t len)
{
	uint8_t both[crypto_sign_ed25519_SECRETKEYBYTES];
	uint8_t public[CRYPTO_SIGNATURE_KEY_LEN];

	(void)crypto_sign_ed25519_seed_keypair(public, both, secret);
	(void)crypto_sign_ed25519_detached(signature, NULL, data, len, both);
	crypto_wipe(both, sizeof(both));
	sodium_stackzero(STACK_USED); /* see crypto_subkey */
}

bool
crypto_signature_holds(const uint8_t signature[CRYPTO_SIGNATURE_LEN],
    const uint8_t public[CRYPTO_SIGNATURE_KEY_LEN], const void *data,
    size_t len)
{
	return crypto_sign_ed25519_verify_detached(
		   signature, data, len, public) == 0;
}

void
crypto_mac(uint8_t mac[CRYPTO_HASH_LEN], const uint8_t key[CRYPTO_KEY_LEN],
    enum crypto_name kind, const char *name, const void *data, size_t len)
{
	const uint8_t prefix = (uint8_t)kind;
	crypto_generichash_state state;

	(void)crypto_generichash_init(
	    &state, key, CRYPTO_KEY_LEN, CRYPTO_HASH_LEN);
	(void)crypto_generichash_update(&state, &prefix, 1);
	/* With its NUL, so that name and value cannot run into each other. */
	(void)crypto_generichash_update(
	    &state, (const uint8_t *)name, strlen(name) + 1);
	(void)crypto_generichash_update(&state, data, len);
	(void)crypto_generichash_final(&state, mac, CRYPTO_HASH_LEN);
	sodium_memzero(&state, sizeof(state));
}

/* Nothing but bytes: see the assertion above. */
static stream_state *
state_of(struct crypto_stream *stream)
{
	return (stream_state *)stream->state;
}

enum err
crypto_seal_start(struct crypto_stream *stream,
    uint8_t head[CRYPTO_STREAM_HEAD], const uint8_t key[CRYPTO_KEY_LEN])
{
	enum err rc = crypto_random(head, CRYPTO_STREAM_HEAD);

	/* All that init_push does, except drawing the head (see above). */
	if (rc == ERR_OK)
		crypto_open_start(stream, head, key);
	return rc;
}

void
crypto_seal(struct crypto_stream *stream, uint8_t *out, const void *part,
    size_t len, const void *context, size_t context_len, bool last)
{
	(void)crypto_secretstream_xchacha20poly1305_push(state_of(stream), out,
	    NULL, part, len, context, context_len,
	    last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
}

void
crypto_open_start(struct crypto_stream *stream,
    const uint8_t head[CRYPTO_STREAM_HEAD], const uint8_t key[CRYPTO_KEY_LEN])
{
	(void)crypto_secretstream_xchacha20poly1305_init_pull(
	    state_of(stream), head, key);
}

bool
crypto_open(struct crypto_stream *stream, uint8_t *out, const void *sealed,
    size_t len, const void *context, size_t context_len, bool *last)
{
	unsigned char tag = 0;

	if (len < CRYPTO_STREAM_EXTRA ||
	    crypto_secretstream_xchacha20poly1305_pull(state_of(stream), out,
		NULL, &tag, sealed, len, context, context_len) != 0)
		return false;
	*last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return true;
}

bool
crypto_equal(const uint8_t a[CRYPTO_HASH_LEN], const uint8_t b[CRYPTO_HASH_LEN])
{
	return sodium_memcmp(a, b, CRYPTO_HASH_LEN) == 0;
}
