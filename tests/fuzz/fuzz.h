/*
 * Included by every fuzz target: its entry point, its assertion, and ways to
 * take an input apart. README.md says how to run and to add one.
 */
#ifndef APITOKEN_FUZZ_H
#define APITOKEN_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* libFuzzer calls these: once, and for every input. */
/* Starts libsodium; a target that needs more defines its own. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run with a message unless the condition holds. */
#define FUZZ_REQUIRE(condition)                                                \
	((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))
void fuzz_fail(const char *text, const char *file, int line)
    __attribute__((noreturn));

/* Prints what a script does to standard error if FUZZ_TRACE is set. */
void fuzz_trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The rest of an input, followed by zeroes. */
struct fuzz_input {
	const uint8_t *at;
	size_t left;
};

uint8_t fuzz_byte(struct fuzz_input *input);
uint64_t fuzz_number(struct fuzz_input *input, unsigned bytes);

/* A number below bound, which is at most 256. */
unsigned fuzz_below(struct fuzz_input *input, unsigned bound);

/*
 * Takes up to size - 1 bytes, as many as the next one says, as a string; a NUL
 * among them ends it. Returns its length.
 */
size_t fuzz_text(struct fuzz_input *input, char *text, size_t size);

/*
 * A copy in memory of exactly that size, so that a sanitizer notices reads
 * beyond it; as a string, with its NUL. To be freed.
 */
uint8_t *fuzz_copy(const uint8_t *data, size_t size);
char *fuzz_string(const uint8_t *data, size_t size);

/* 32 bytes used as a key. */
extern const uint8_t fuzz_key[32];

/*
 * A copy with the MAC that makes it a valid value of the store: size +
 * CRYPTO_HASH_LEN bytes, to be freed.
 */
uint8_t *fuzz_seal(
    const uint8_t *data, size_t size, enum crypto_name kind, const char *name);

#endif
