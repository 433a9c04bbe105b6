/*
 * Rotations for tests: each call is a transaction of its own, and fails the
 * test if that is impossible.
 */
#ifndef APITOKEN_ROTATED_H
#define APITOKEN_ROTATED_H

#include "lifecycle/rotation.h"
#include "scratch.h"

#define HOUR INT64_C(3600)
#define OVERLAP (24 * HOUR)

/* The last rotation that was started, and the new token. */
extern struct rotated {
	struct rotation rotation;
	char text[TOKEN_LEN + 1];
} rotated;

/* Adds a token of alice with every possible limit. */
struct record rotated_add(const struct scratch *scratch, int64_t expires);

/* Its stored record; whether it exists; and how many there are. */
struct record rotated_get(const struct scratch *scratch, const char *id);
bool rotated_exists(const struct scratch *scratch, const char *id);
size_t rotated_count(const struct scratch *scratch);

/* Stores a record anew. */
void rotated_put(const struct scratch *scratch, const struct record *record);

/* Ends a change: commits it if it succeeded, and closes the store. */
enum err rotated_commit(struct store *store, enum err rc);

#define ROTATED_RENEWED INT64_C(1234567) /* the life of a renewed one */

/* rotation_start by carol, rotation_undo and rotation_finish. */
enum err rotated_start(const struct scratch *scratch, const char *id,
    int64_t overlap, int64_t now);
enum err rotated_undo(const struct scratch *scratch);
enum err rotated_login(
    const struct scratch *scratch, const char *id, int64_t now);

/* Fails unless the two name each other. */
void rotated_expect_pair(
    const struct scratch *scratch, const char *old, const char *successor);

#endif
