/* Transactions: the writing part of db.h. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"
#include "tdb/db_impl.h"
#include "tdb/tdb_recovery.h"

enum err
db_sync(struct db *db, struct error *why)
{
	if (retry_fdatasync(tdb_fd(db->tdb)) != 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot sync: %s",
		    db->path, strerror(errno));
	return safe_sync_directory_of(db->path, why);
}

uint64_t
db_size(const struct db *db)
{
	return tdb_map_size(db->tdb);
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

/* Reports a failed commit of a file that could be read until then. */
static enum err
commit_failed(struct db *db, struct error *why)
{
	int error = db->failed ? db->error : errno;

	if (tdb_error(db->tdb) == TDB_ERR_CORRUPT)
		return db_failed(db, "write", why);
	if (error == ENOMEM)
		return error_plain(why, ERR_NOMEM);
	/* libtdb loses the result of posix_fallocate(3). */
	return error_set(why, ERR_SYSTEM, "%s: cannot write: %s", db->path,
	    error != 0 ? strerror(error)
		       : "No space left on device, or an I/O error");
}

/*
 * libtdb reports success even if it could not remove the note (1.4.8,
 * transaction.c: the result of its last step is lost). But it logs the failure.
 */
static bool
is_done(struct db *db)
{
	enum recovery undo = recovery_look(db->reader);

	return undo == RECOVERY_NONE ||
	    (undo == RECOVERY_UNKNOWN && !db->failed);
}

enum err
db_commit(struct db *db, struct error *why)
{
	enum err rc;

	db_expect_no_failure(db);
	db->is_committing = true;
	if (tdb_transaction_commit(db->tdb) == 0 && is_done(db)) {
		rc = ERR_OK;
	} else {
		rc = commit_failed(db, why);
		db_stop_writing(db);
	}
	db->is_committing = false;
	return rc;
}

enum err
db_put(struct db *db, const char *key, size_t key_len, const uint8_t *value,
    size_t len, struct error *why)
{
	db_expect_no_failure(db);
	/* It stores a duplicate if it could not read the old value. */
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
