/*
 * What must not be found: tokens and keys, whole or any piece of PIECE bytes.
 */
#ifndef TESTS_MEMORY_SECRETS_H
#define TESTS_MEMORY_SECRETS_H

#include <stddef.h>
#include <stdint.h>

#define PIECE 16 /* bytes that are no coincidence */

struct secret {
	char name[64];
	uint8_t bytes[64];
	size_t len;
};

struct secrets {
	struct secret *all;
	size_t count;
};

/* Reads the tokens in a file, wherever they are in it. */
void secrets_add_tokens(struct secrets *secrets, const char *path);

/* Reads a key file, if it is one: the key, and the keys derived from it. */
void secrets_add_keys(struct secrets *secrets, const char *path);

/* Forgets them. */
void secrets_free(struct secrets *secrets);

/* The next whole token from *at on, known or not; NULL if there is none. */
const uint8_t *secrets_find_token(const uint8_t *bytes, size_t len, size_t *at);

/* A piece of a secret, at least PIECE bytes of it. */
struct finding {
	const struct secret *secret;
	size_t from; /* the first byte of the secret that was found */
	size_t len;
	size_t at; /* where it was found */
};

/*
 * Finds the next piece from *at on, and sets *at to its end; 0 if there is
 * none.
 */
int secrets_find(const struct secrets *secrets, const uint8_t *bytes,
    size_t len, size_t *at, struct finding *finding);

#endif
