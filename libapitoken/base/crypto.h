/*
 * Random numbers, the keyed hash, comparing and wiping. The only file that
 * knows libsodium.
 */
#ifndef APITOKEN_CRYPTO_H
#define APITOKEN_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define CRYPTO_KEY_LEN 32  /* bytes of the key file, and of each subkey */
#define CRYPTO_HASH_LEN 32 /* bytes of a digest or a MAC */

/* What a subkey is for; the numbers are part of the store's format. */
enum crypto_use {
	CRYPTO_USE_DIGEST = 1,  /* digests of token texts */
	CRYPTO_USE_RECORD = 2,  /* MACs of values in the database */
	CRYPTO_USE_HANDOFF = 3, /* from authentication to the session */
	CRYPTO_USE_BACKUP = 4,  /* backups */
	CRYPTO_USE_LOGO = 5,    /* logos; of the subkey for records */
};

/* An unchecked failure would leave a predictable secret. */
#define CRYPTO_CHECKED __attribute__((warn_unused_result))

/* Must succeed once before any other function here. ERR_RANDOM, ERR_INTERNAL.
 */
enum err crypto_init(struct error *why);

/* Fills len bytes of buf from the system's generator. ERR_RANDOM. */
CRYPTO_CHECKED enum err crypto_random(void *buf, size_t len);

/*
 * Draws len characters, each uniformly from the alphabet of up to 128.
 * ERR_RANDOM.
 */
CRYPTO_CHECKED enum err crypto_draw(
    char *out, size_t len, const char *alphabet);

/* Derives the subkey for a use from the 32 bytes of the key file. */
void crypto_subkey(uint8_t subkey[CRYPTO_KEY_LEN], enum crypto_use use,
    const uint8_t key[CRYPTO_KEY_LEN]);

/* Keyed BLAKE2b-256 of len bytes. */
void crypto_digest(uint8_t digest[CRYPTO_HASH_LEN],
    const uint8_t key[CRYPTO_KEY_LEN], const void *data, size_t len);

/*
 * BLAKE2b-256 of len bytes, without a key. Leaves no copy on the stack: the
 * hash of something short can be searched for.
 */
void crypto_plain_hash(
    uint8_t hash[CRYPTO_HASH_LEN], const void *data, size_t len);

/* The same, of what comes in parts. Nothing secret: its state is not wiped. */
struct crypto_hashing {
	_Alignas(64) uint8_t state[384];
};

void crypto_hashing_start(struct crypto_hashing *hash);
void crypto_hashing_add(
    struct crypto_hashing *hash, const void *data, size_t len);
void crypto_hashing_end(
    struct crypto_hashing *hash, uint8_t result[CRYPTO_HASH_LEN]);

#define CRYPTO_SIGNATURE_SECRET_LEN 32 /* bytes of Ed25519, RFC 8032 */
#define CRYPTO_SIGNATURE_KEY_LEN 32
#define CRYPTO_SIGNATURE_LEN 64

/* The public key that belongs to a secret one, which is 32 random bytes. */
void crypto_signature_key(uint8_t public[CRYPTO_SIGNATURE_KEY_LEN],
    const uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN]);

void crypto_signature_make(uint8_t signature[CRYPTO_SIGNATURE_LEN],
    const uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN], const void *data,
    size_t len);

/* Whether the owner of the key has signed these bytes. */
bool crypto_signature_holds(const uint8_t signature[CRYPTO_SIGNATURE_LEN],
    const uint8_t public[CRYPTO_SIGNATURE_KEY_LEN], const void *data,
    size_t len);

/* What kind of name a value belongs to. */
enum crypto_name {
	CRYPTO_NAME_CHECK = 'k',
	CRYPTO_NAME_FLEET_RECORD = 'R',    /* in fleet.tdb, an id */
	CRYPTO_NAME_FLEET_ISSUER = 'I',    /* there, an issuer */
	CRYPTO_NAME_FLEET_OUTBOX = 'O',    /* of what this machine issues */
	CRYPTO_NAME_FLEET_PUBLISHED = 'P', /* there, an id */
	CRYPTO_NAME_FLEET_STEP = 'S',      /* there, a number */
	CRYPTO_NAME_HANDOFF = 'h', /* a process, and the record for it */
	CRYPTO_NAME_LOGO = 'l',    /* a token, and its logo */
	CRYPTO_NAME_PROOF = 'p',   /* a process, and the nonce for it */
	CRYPTO_NAME_TOKEN = 't',
	CRYPTO_NAME_USER = 'u',
};

/*
 * MAC over a value, the name under which it is stored and the kind of that
 * name, so that a value moved to another place does not pass.
 */
void crypto_mac(uint8_t mac[CRYPTO_HASH_LEN], const uint8_t key[CRYPTO_KEY_LEN],
    enum crypto_name kind, const char *name, const void *data, size_t len);

#define CRYPTO_STREAM_HEAD 24  /* bytes that a sealed stream begins with */
#define CRYPTO_STREAM_EXTRA 17 /* bytes that sealing adds to a part */

/*
 * A stream of parts, sealed in order (XChaCha20-Poly1305): without the key none
 * can be read, changed, dropped, moved or added. Wipe it after use.
 */
struct crypto_stream {
	uint8_t state[64];
};

/* Starts sealing a stream under key; keep head with it. ERR_RANDOM. */
CRYPTO_CHECKED enum err crypto_seal_start(struct crypto_stream *stream,
    uint8_t head[CRYPTO_STREAM_HEAD], const uint8_t key[CRYPTO_KEY_LEN]);

/*
 * Seals the next part, len bytes, into len + CRYPTO_STREAM_EXTRA bytes of out,
 * bound to context. last: no part follows.
 */
void crypto_seal(struct crypto_stream *stream, uint8_t *out, const void *part,
    size_t len, const void *context, size_t context_len, bool last);

/* Starts opening a stream that begins with head. */
void crypto_open_start(struct crypto_stream *stream,
    const uint8_t head[CRYPTO_STREAM_HEAD], const uint8_t key[CRYPTO_KEY_LEN]);

/*
 * Opens the next part from len sealed bytes: writes len - CRYPTO_STREAM_EXTRA
 * bytes to out and sets *last. False unless it is the next part of this stream,
 * unchanged.
 */
bool crypto_open(struct crypto_stream *stream, uint8_t *out, const void *sealed,
    size_t len, const void *context, size_t context_len, bool *last);

/* Compares two hashes in constant time. */
bool crypto_equal(
    const uint8_t a[CRYPTO_HASH_LEN], const uint8_t b[CRYPTO_HASH_LEN]);

/*
 * Overwrites len bytes; the compiler does not optimise it away. Clears the
 * registers that functions use, too, where the compiler can.
 */
void crypto_wipe(void *buf, size_t len);

#endif
