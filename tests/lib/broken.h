/*
 * Damaged stores: records that no command would write, written around store.h,
 * and changed bytes of the file.
 */
#ifndef APITOKEN_BROKEN_H
#define APITOKEN_BROKEN_H

#include <stddef.h>
#include <stdint.h>

#include "check/check.h"
#include "check/repair.h"
#include "scratch.h"
#include "token/record.h"

/* The database opened below the store, in a transaction. */
struct broken {
	struct db *db;
	struct keys keys;
};

void broken_open(struct broken *broken, const struct scratch *scratch);
void broken_close(struct broken *broken); /* commits */

/* A single record or index; ids ends with NULL. */
void broken_put_record(struct broken *broken, const struct record *record);
void broken_put_index(
    struct broken *broken, const char *user, const char *const *ids);
void broken_put(struct broken *broken, const char *key, const char *value);
void broken_delete(struct broken *broken, const char *key);

/* Where the bytes are in the file, from an offset on; 0: nowhere. */
size_t broken_find(
    const struct scratch *scratch, size_t from, const void *bytes, size_t len);

/* Writes len bytes at an offset of the database file. */
void broken_overwrite(
    const struct scratch *scratch, size_t at, const void *bytes, size_t len);

/* Runs check or repair; the caller frees the report. */
enum err broken_check(
    const struct scratch *scratch, struct check_report *report);
enum err broken_repair(
    const struct scratch *scratch, struct repair_report *report);

/* Fails unless check has this many findings, one of which contains text. */
#define assert_found(scratch, count, text)                                     \
	broken_expect(scratch, count, text, __FILE__, __LINE__)
void broken_expect(const struct scratch *scratch, uint64_t count,
    const char *text, const char *file, int line);

#endif
