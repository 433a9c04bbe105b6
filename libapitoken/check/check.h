/*
 * Judging a store: files, head, chains, every record and index, and one
 * against the other. Reads the database by its bytes (tdb_image.h), so that it
 * goes on where libtdb stops, and as a login finds it. Changes nothing, but
 * that the work of a writer who was killed is undone first.
 *
 * What a killed commit leaves behind, space that nothing uses, makes libtdb's
 * own tdb_check fail for good. It is harmless, and no finding here.
 */
#ifndef APITOKEN_CHECK_H
#define APITOKEN_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "check/findings.h"
#include "check/inventory.h"
#include "config/config.h"
#include "store/store.h"
#include "tdb/tdb_image.h"

struct check_report {
	struct findings findings; /* what is wrong: a line each */
	uint64_t tokens, users;   /* that can be read */
	uint64_t orphaned;        /* bytes that nothing uses */
	/* By check_look alone: */
	bool is_interrupted; /* a killed writer's work has to be undone first */
	bool is_partial;     /* too large to be read: the key fits it */
};

/*
 * Judges the store. ERR_OK: report tells of it. deadline is as in lock.h. The
 * lock is shared: logins go on, and nothing is written meanwhile.
 * ERR_MISSING, ERR_BUSY, ERR_KEY (nothing in it fits the key), ERR_DAMAGED
 * (the key file), ERR_NOMEM, ERR_SYSTEM. A file that is unsafe is a finding,
 * and nothing is read then. The report is to be freed, whatever is returned.
 */
enum err check_store(struct check_report *report, const struct config *config,
    int64_t deadline, struct error *why);

/*
 * The same, but writes nothing at all: ERR_BUSY, with is_interrupted, where
 * what a killed writer left has to be undone first. Of a database of more than
 * most bytes only the head and the key are judged.
 */
enum err check_look(struct check_report *report, const struct config *config,
    uint64_t most, int64_t deadline, struct error *why);

void check_report_free(struct check_report *report);

/* What repair.h shares. */

struct check_paths {
	char database[STORE_PATH_SIZE];
	char lock[STORE_PATH_SIZE];
};

void check_set_paths(struct check_paths *paths, const struct config *config);

/*
 * Judges owners and modes of all files, which have to be there.
 * ERR_UNSAFE (each is among the findings), ERR_MISSING, ERR_SYSTEM.
 */
enum err check_files(struct findings *findings, const struct config *config,
    const struct check_paths *paths, struct error *why);

/*
 * Takes the census of an open file and judges it all; opens tells whether
 * libtdb can open it. ERR_KEY, ERR_NOMEM.
 */
enum err check_database(struct inventory *census, struct tdb_image *raw,
    const char *path, bool opens, struct error *why);

#endif
