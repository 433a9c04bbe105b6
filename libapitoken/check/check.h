/*
 * Checks a store: files, head, chains, every record and index, and these
 * against each other. Reads the database's bytes (tdb_image.h), as a login
 * finds them, so that it goes on where libtdb stops. Changes nothing, except
 * that it undoes the work of a killed writer first.
 *
 * A killed commit leaves space that nothing uses, on which libtdb's own
 * tdb_check fails for good. It is harmless, and no finding here.
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
	/* Set by check_look only: */
	bool is_interrupted; /* a killed writer's work has to be undone first */
	bool is_partial;     /* too large to be read whole; the key fits */
};

/*
 * Checks the store and fills report. deadline is as in deadline.h. The lock is
 * shared: logins go on, and nothing is written meanwhile. ERR_MISSING,
 * ERR_BUSY, ERR_KEY (nothing in it fits the key), ERR_DAMAGED (the key file),
 * ERR_NOMEM, ERR_SYSTEM. An unsafe file is a finding, and nothing is read then.
 * Free the report, even after an error.
 */
enum err check_store(struct check_report *report, const struct config *config,
    int64_t deadline, struct error *why);

/*
 * The same, but writes nothing at all: ERR_BUSY, with is_interrupted, if a
 * killed writer's work has to be undone first. Of a database of more than most
 * bytes, only the head and the key are checked.
 */
enum err check_look(struct check_report *report, const struct config *config,
    uint64_t most, int64_t deadline, struct error *why);

void check_report_free(struct check_report *report);

/* Shared with repair.h. */

struct check_paths {
	char database[STORE_PATH_SIZE];
	char lock[STORE_PATH_SIZE];
};

void check_set_paths(struct check_paths *paths, const struct config *config);

/*
 * Checks owners and modes of all files, which must exist. ERR_UNSAFE (each is
 * among the findings), ERR_MISSING, ERR_SYSTEM.
 */
enum err check_files(struct findings *findings, const struct config *config,
    const struct check_paths *paths, struct error *why);

/*
 * Takes the inventory of an open file and checks all of it; opens tells whether
 * libtdb can open it. ERR_KEY, ERR_NOMEM.
 */
enum err check_database(struct inventory *inventory, struct tdb_image *image,
    const char *path, bool opens, struct error *why);

#endif
