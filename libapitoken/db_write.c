/* Transactions: what db.h says of writing. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "db_impl.h"
#include "retry.h"
#include "safe.h"

/* libtdb's file format: tdb_private.h, struct tdb_header and tdb_record. */
#define RECOVERY_START 44    /* where the header says where recovery lies */
#define RECOVERY_MAGIC_AT 20 /* where the magic stands in a record */
#define RECOVERY_MAGIC 0xf53bc0e7U

enum err
db_sync(struct db *db, struct error *why)
{
	if (retry_fdatasync(tdb_fd(db->tdb)) != 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot sync: %s",
		    db->path, strerror(errno));
	return safe_sync_directory_of(db->path, why);
}

enum err
db_begin(struct db *db, struct error *why)
{
	enum err rc = db_sync(db, why);

	if (rc != ERR_OK)
		return rc;
	db_expect_no_failure(db);
	if (tdb_transaction_start(db->tdb) != 0)
		return db_failed(db, "start a transaction", why);
	return ERR_OK;
}

/*
 * Takes from libtdb what it could write with. After a commit that failed in
 * its midst, closing would drop the note by which the next to open undoes it:
 * what was not acknowledged would stay.
 */
static void
stop_writing(struct db *db)
{
	if (db->reader >= 0)
		(void)dup3(db->reader, tdb_fd(db->tdb), O_CLOEXEC);
}

/*
 * Whether the note is still there by which the next to open undoes the last
 * transaction. tdb_transaction_commit says success although it could not take
 * it away (libtdb 1.4.8, transaction.c: the result of its last step is lost).
 */
static bool
will_be_undone(const struct db *db)
{
	uint32_t start = 0, magic = 0;

	return pread(db->reader, &start, sizeof(start), RECOVERY_START) ==
	    sizeof(start) &&
	    start != 0 &&
	    pread(db->reader, &magic, sizeof(magic),
		(off_t)start + RECOVERY_MAGIC_AT) == sizeof(magic) &&
	    magic == RECOVERY_MAGIC;
}

/* Of a file that could be read until then. */
static enum err
commit_failed(struct db *db, struct error *why)
{
	if (tdb_error(db->tdb) == TDB_ERR_CORRUPT)
		return db_failed(db, "write", why);
	if (errno == ENOMEM)
		return error_plain(why, ERR_NOMEM);
	/* libtdb loses what posix_fallocate(3) returned. */
	return error_set(why, ERR_SYSTEM, "%s: cannot write: %s", db->path,
	    errno != 0 ? strerror(errno)
		       : "No space left on device, or an I/O error");
}

enum err
db_commit(struct db *db, struct error *why)
{
	enum err rc;

	db_expect_no_failure(db);
	if (tdb_transaction_commit(db->tdb) == 0 && !will_be_undone(db))
		return ERR_OK;
	rc = commit_failed(db, why);
	stop_writing(db);
	return rc;
}

enum err
db_put(struct db *db, const char *key, size_t key_len, const uint8_t *value,
    size_t len, struct error *why)
{
	db_expect_no_failure(db);
	/* It stores a second one beside one that it could not read. */
	if (tdb_store(db->tdb, db_data(key, key_len), db_data(value, len),
		TDB_REPLACE) != 0 ||
	    db->failed)
		return db_failed(db, "write", why);
	return ERR_OK;
}

enum err
db_put_new(struct db *db, const char *key, size_t key_len, const uint8_t *value,
    size_t len, struct error *why)
{
	bool is_stored;

	db_expect_no_failure(db);
	is_stored = tdb_store(db->tdb, db_data(key, key_len),
			db_data(value, len), TDB_INSERT) == 0;
	if (is_stored && !db->failed)
		return ERR_OK;
	if (!is_stored && tdb_error(db->tdb) == TDB_ERR_EXISTS)
		return error_plain(why, ERR_EXISTS);
	return db_failed(db, "write", why);
}

enum err
db_delete(struct db *db, const char *key, size_t key_len, struct error *why)
{
	bool is_deleted;

	db_expect_no_failure(db);
	is_deleted = tdb_delete(db->tdb, db_data(key, key_len)) == 0 ||
	    tdb_error(db->tdb) == TDB_ERR_NOEXIST;
	if (is_deleted && !db->failed)
		return ERR_OK;
	return db_failed(db, "write", why);
}
