/* Shared by db.c and db_write.c only. */
#ifndef APITOKEN_DB_IMPL_H
#define APITOKEN_DB_IMPL_H

#include <sys/types.h>
#include <signal.h>
#include <stdbool.h>
#include <tdb.h>

#include "tdb/db.h"

struct db {
	struct tdb_context *tdb;
	bool failed; /* libtdb has logged a failure since this was cleared */
	int error;   /* errno when it first said so */
	bool is_committing;
	int reader; /* the file, read-only, while open for writing; or -1 */
	const char *path; /* the caller's */
};

/* Before a call to libtdb: clears the failures it has logged. */
void db_expect_no_failure(struct db *db);

/* Reports a failure of libtdb on an open database. */
enum err db_failed(struct db *db, const char *what, struct error *why);

/*
 * Keeps libtdb from writing after a commit has failed midway. It would try to
 * undo what it has written and, even if it could not, drop the note from which
 * the next open does that.
 */
void db_stop_writing(struct db *db);

/* Bytes as libtdb takes them. */
TDB_DATA db_data(const void *bytes, size_t len);

#endif
