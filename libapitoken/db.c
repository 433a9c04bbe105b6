#include "db.h"

#include <sys/types.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tdb.h>
#include <unistd.h>

#include "safe.h"

/* Flat to a million tokens, and cheap to read at each commit. */
#define BUCKETS 131071

/* The lock is ours; without a mapping a file that shrinks kills nobody. */
#define FLAGS (TDB_NOLOCK | TDB_NOMMAP | TDB_DISALLOW_NESTING)

struct db {
	struct tdb_context *tdb;
	const char *path; /* of whoever opened it */
};

/* What to say when libtdb failed on an open database. */
static enum err
tdb_failed(struct db *db, const char *what, struct error *why)
{
	enum TDB_ERROR code = tdb_error(db->tdb);

	if (code == TDB_ERR_OOM)
		return error_plain(why, ERR_NOMEM);
	if (code == TDB_ERR_IO && errno != 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot %s: %s", db->path,
		    what, strerror(errno));
	/* An offset that points out of the file is an I/O error to libtdb. */
	if (code == TDB_ERR_IO || code == TDB_ERR_CORRUPT)
		return error_set(why, ERR_DAMAGED,
		    "%s: damaged; restore it from a backup", db->path);
	return error_set(why, ERR_INTERNAL, "%s: cannot %s: %s", db->path, what,
	    tdb_errorstr(db->tdb));
}

/* What to say when libtdb did not open the file. */
static enum err
open_failed(const char *path, struct error *why)
{
	switch (errno) {
	case 0:
		return error_set(why, ERR_BUSY,
		    "%s: a writer was interrupted; it has to be opened for "
		    "writing once",
		    path);
	case ENOMEM:
		return error_plain(why, ERR_NOMEM);
	case EIO:
		return error_set(why, ERR_DAMAGED,
		    "%s: damaged, or not a token database; restore it from a "
		    "backup",
		    path);
	case EEXIST:
		return error_set(why, ERR_EXISTS, "%s: exists already", path);
	default:
		return error_set(why, ERR_SYSTEM, "%s: cannot open: %s", path,
		    strerror(errno));
	}
}

/* Opens through libtdb; O_CREAT only together with O_EXCL: it empties. */
static enum err
open_tdb(struct db **db, const char *path, int flags, struct error *why)
{
	struct db *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL)
		return error_plain(why, ERR_NOMEM);
	fresh->path = path;
	errno = 0;
	fresh->tdb = tdb_open(path, BUCKETS, FLAGS | TDB_INCOMPATIBLE_HASH,
	    flags | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (fresh->tdb == NULL) {
		free(fresh);
		return open_failed(path, why);
	}
	/* TDB_NO_FSYNC in the environment of the host turned syncs off. */
	tdb_remove_flags(fresh->tdb, TDB_NOSYNC);
	*db = fresh;
	return ERR_OK;
}

enum err
db_open(struct db **db, const char *path, enum db_mode mode, struct error *why)
{
	int flags = mode == DB_READ ? O_RDONLY : O_RDWR, fd = -1;
	enum err rc;

	/* Looked at before libtdb reads it, and again what libtdb opened. */
	rc = safe_open(path, flags, SAFE_PRIVATE, &fd, why);
	if (rc != ERR_OK)
		return rc;
	(void)close(fd);
	rc = open_tdb(db, path, flags, why);
	if (rc != ERR_OK)
		return rc;
	rc = safe_check(tdb_fd((*db)->tdb), path, SAFE_PRIVATE, why);
	if (rc != ERR_OK) {
		db_close(*db);
		*db = NULL;
	}
	return rc;
}

enum err
db_create(struct db **db, const char *path, struct error *why)
{
	return open_tdb(db, path, O_RDWR | O_CREAT | O_EXCL, why);
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	(void)tdb_close(db->tdb);
	free(db);
}

static TDB_DATA
data_of(const void *bytes, size_t len)
{
	/* libtdb takes what it only reads as not const. */
	return (TDB_DATA){
	    .dptr = (unsigned char *)(uintptr_t)bytes, .dsize = len};
}

struct read_call {
	db_reader *reader;
	void *arg;
	enum err rc;
};

static int
parse_value(TDB_DATA key, TDB_DATA value, void *arg)
{
	struct read_call *call = arg;

	call->rc = call->reader((const char *)key.dptr, key.dsize, value.dptr,
	    value.dsize, call->arg);
	return 0;
}

enum err
db_get(struct db *db, const char *key, size_t key_len, db_reader *reader,
    void *arg, struct error *why)
{
	struct read_call call = {reader, arg, ERR_INTERNAL};

	errno = 0;
	if (tdb_parse_record(
		db->tdb, data_of(key, key_len), parse_value, &call) == 0)
		return call.rc;
	if (tdb_error(db->tdb) == TDB_ERR_NOEXIST)
		return ERR_NOT_FOUND;
	return tdb_failed(db, "read", why);
}

static int
visit_value(struct tdb_context *tdb, TDB_DATA key, TDB_DATA value, void *arg)
{
	struct read_call *call = arg;

	(void)tdb;
	(void)parse_value(key, value, arg);
	return call->rc != ERR_OK;
}

enum err
db_each(struct db *db, db_reader *reader, void *arg, struct error *why)
{
	struct read_call call = {reader, arg, ERR_OK};

	errno = 0;
	if (tdb_traverse_read(db->tdb, visit_value, &call) < 0)
		return tdb_failed(db, "read", why);
	return call.rc;
}

enum err
db_begin(struct db *db, struct error *why)
{
	errno = 0;
	if (tdb_transaction_start(db->tdb) != 0)
		return tdb_failed(db, "start a transaction", why);
	return ERR_OK;
}

enum err
db_commit(struct db *db, struct error *why)
{
	errno = 0;
	if (tdb_transaction_commit(db->tdb) != 0)
		return tdb_failed(db, "write", why);
	return ERR_OK;
}

enum err
db_put(struct db *db, const char *key, size_t key_len, const uint8_t *value,
    size_t len, struct error *why)
{
	errno = 0;
	if (tdb_store(db->tdb, data_of(key, key_len), data_of(value, len),
		TDB_REPLACE) != 0)
		return tdb_failed(db, "write", why);
	return ERR_OK;
}

enum err
db_delete(struct db *db, const char *key, size_t key_len, struct error *why)
{
	errno = 0;
	if (tdb_delete(db->tdb, data_of(key, key_len)) == 0 ||
	    tdb_error(db->tdb) == TDB_ERR_NOEXIST)
		return ERR_OK;
	return tdb_failed(db, "write", why);
}
