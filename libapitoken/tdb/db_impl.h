/* What db.c and db_write.c share; of no business to others. */
#ifndef APITOKEN_DB_IMPL_H
#define APITOKEN_DB_IMPL_H

#include <sys/types.h>
#include <signal.h>
#include <stdbool.h>
#include <tdb.h>

#include "tdb/db.h"

struct db {
	struct tdb_context *tdb;
	bool failed; /* so libtdb has said since this was set to false */
	int error;   /* errno when it first said so */
	bool is_committing;
	int reader;       /* open for reading what is open for writing; or -1 */
	const char *path; /* of whoever opened it */
};

/* Before a call of libtdb's: forgets what it has complained of. */
void db_expect_no_failure(struct db *db);

/* What to say when libtdb failed on an open database. */
enum err db_failed(struct db *db, const char *what, struct error *why);

/*
 * Takes from libtdb what it could write with, once a commit has failed in its
 * midst. It would try to undo what it has written, and drop the note by which
 * the next to open does that, whether or not it could.
 */
void db_stop_writing(struct db *db);

/* Bytes as libtdb takes them. */
TDB_DATA db_data(const void *bytes, size_t len);

#endif
