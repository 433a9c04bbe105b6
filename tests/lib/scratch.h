/*
 * A directory for each test, with a store in it if wanted, and sample tokens.
 * As setup and teardown of a cmocka test: *state is a struct scratch.
 */
#ifndef APITOKEN_SCRATCH_H
#define APITOKEN_SCRATCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "config/config.h"
#include "store/store.h"
#include "token/record.h"

#define SCRATCH_PATH 512

struct scratch {
	char directory[128];
	struct config config; /* a store in that directory */
};

/* An empty directory. */
int scratch_setup(void **state);

/* And one with a store that create_store made in it. */
int scratch_setup_store(void **state);

/* Removes the directory with its content, and releases its lock. */
int scratch_teardown(void **state);

/* The path of a file in the directory; valid for the next 15 calls. */
const char *scratch_path(const struct scratch *scratch, const char *name);

/* The path of the store's database, key or lock; likewise. */
const char *scratch_database(const struct scratch *scratch);
const char *scratch_key(const struct scratch *scratch);
const char *scratch_lock(const struct scratch *scratch);

/* Writes a file, with this mode whatever the umask. */
void scratch_write(const char *path, const void *data, size_t len, mode_t mode);

/* The bytes of a file; to be freed. */
uint8_t *scratch_read(const char *path, size_t *len);

off_t scratch_size(const char *path);

/* Opens the store, with a deadline that only a hang would reach. */
enum err scratch_open(
    const struct scratch *scratch, struct store **store, enum store_mode mode);

/* An active token, as `issue` would make it; id and digest are random. */
void sample_record(struct record *record, const char *user, const char *name);

/* A record whose every member is as long as it may be. */
void sample_largest(struct record *record);

/* Adds a token to the store in a transaction of its own. */
enum err sample_add(const struct scratch *scratch, const struct record *record);

/* Whether two records have the same members. */
_Bool sample_equal(const struct record *a, const struct record *b);

#endif
