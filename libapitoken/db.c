#include "db.h"

#include <sys/types.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tdb.h>
#include <unistd.h>

#include "safe.h"

/* The lock is ours; without a mapping a file that shrinks kills nobody. */
#define FLAGS (TDB_NOLOCK | TDB_NOMMAP | TDB_DISALLOW_NESTING)

/* libtdb's file format: tdb_private.h, struct tdb_header and tdb_record. */
#define RECOVERY_START 44    /* where the header says where recovery lies */
#define RECOVERY_MAGIC_AT 20 /* where the magic stands in a record */
#define RECOVERY_MAGIC 0xf53bc0e7U

struct db {
	struct tdb_context *tdb;
	bool failed; /* so libtdb has said since this was set to false */
	int error;   /* errno when it first said so */
	bool is_committing;
	int reader;       /* open for reading what is open for writing; or -1 */
	const char *path; /* of whoever opened it */
};

/*
 * Takes from libtdb what it could write with, once a commit has failed in its
 * midst. It would try to undo what it has written, and drop the note by which
 * the next to open does that, whether or not it could.
 */
static void
stop_writing(struct db *db)
{
	int error = errno;

	if (db->reader >= 0)
		(void)dup3(db->reader, tdb_fd(db->tdb), O_CLOEXEC);
	errno = error;
}

/*
 * To libtdb 1.4.8 what cannot be read is not there (lock.c, tdb_find: the
 * result of its reads is lost), which is no answer. But it logs it.
 */
static void __attribute__((format(printf, 3, 4)))
note_failure(struct tdb_context *tdb, enum tdb_debug_level level,
    const char *format, ...)
{
	struct db *db = tdb_get_logging_private(tdb);

	(void)format;
	if (level > TDB_DEBUG_ERROR)
		return;
	if (!db->failed)
		db->error = errno;
	db->failed = true;
	if (db->is_committing)
		stop_writing(db);
}

/* Before a call of libtdb's. */
static void
expect_no_failure(struct db *db)
{
	db->failed = false;
	errno = 0;
}

/* What to say when libtdb failed on an open database. */
static enum err
tdb_failed(struct db *db, const char *what, struct error *why)
{
	enum TDB_ERROR code = tdb_error(db->tdb);

	if (db->failed && (code == TDB_SUCCESS || code == TDB_ERR_NOEXIST))
		code = TDB_ERR_IO;
	/* A file that cannot grow is a lack of memory to libtdb. */
	if (code == TDB_ERR_OOM && errno != 0 && errno != ENOMEM)
		code = TDB_ERR_IO;
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
open_failed(const char *path, int flags, struct error *why)
{
	int code = errno;

	/* For one that may write there is nothing to be finished: damage. */
	if (code == 0 && (flags & O_ACCMODE) == O_RDWR)
		code = EIO;
	switch (code) {
	case 0:
		return error_set(why, ERR_BUSY,
		    "%s: a writer was interrupted; it has to be opened for "
		    "writing once",
		    path);
	case ENOMEM:
		return error_plain(why, ERR_NOMEM);
	case EIO: /* not its magic; the others: nor what is behind it */
	case EINVAL:
	case ENOSYS:
		return error_set(why, ERR_DAMAGED,
		    "%s: damaged, or not a token database; restore it from a "
		    "backup",
		    path);
	case EEXIST:
		return error_set(why, ERR_EXISTS, "%s: exists already", path);
	default:
		return error_set(why, ERR_SYSTEM, "%s: cannot open: %s", path,
		    strerror(code));
	}
}

/*
 * Opens file, which errors call path, through libtdb; O_CREAT only where
 * nothing is: it empties. NULL with the reason in *rc.
 */
static struct db *
open_tdb(const char *path, const char *file, int flags, int tdb_flags,
    enum err *rc, struct error *why)
{
	struct tdb_logging_context logging = {.log_fn = note_failure};
	struct db *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL) {
		*rc = error_plain(why, ERR_NOMEM);
		return NULL;
	}
	fresh->path = path;
	fresh->reader = -1;
	logging.log_private = fresh;
	do {
		errno = 0;
		fresh->tdb = tdb_open_ex(file, DB_BUCKETS,
		    tdb_flags | TDB_INCOMPATIBLE_HASH, flags | O_CLOEXEC,
		    S_IRUSR | S_IWUSR, &logging, NULL);
	} while (fresh->tdb == NULL && errno == EINTR);
	if (fresh->tdb == NULL) {
		*rc = open_failed(path, flags, why);
		free(fresh);
		return NULL;
	}
	/* TDB_NO_FSYNC in the environment of the host turned syncs off. */
	tdb_remove_flags(fresh->tdb, TDB_NOSYNC);
	return fresh;
}

enum err
db_open(struct db **db, const char *path, enum db_mode mode, struct error *why)
{
	/* A file of ours that is locked does not shrink under the mapping. */
	int flags = mode == DB_SCAN ? FLAGS & ~TDB_NOMMAP : FLAGS;
	struct db *fresh;
	int reader = -1;
	enum err rc;

	/* Looked at before libtdb reads it, and again what libtdb opened. */
	rc = safe_open(path, O_RDONLY, SAFE_PRIVATE, &reader, why);
	if (rc != ERR_OK)
		return rc;
	fresh = open_tdb(path, path,
	    (mode == DB_WRITE ? O_RDWR : O_RDONLY) | O_NOFOLLOW, flags, &rc,
	    why);
	if (fresh == NULL) {
		(void)close(reader);
		return rc;
	}
	fresh->reader = reader;
	rc = safe_check(tdb_fd(fresh->tdb), path, SAFE_PRIVATE, why);
	if (rc == ERR_OK)
		*db = fresh;
	else
		db_close(fresh);
	return rc;
}

enum err
db_create(struct db **db, const char *path, struct error *why)
{
	enum err rc = ERR_INTERNAL;
	struct db *fresh = open_tdb(path, path,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, FLAGS, &rc, why);

	if (fresh == NULL)
		return rc;
	rc = safe_open(path, O_RDONLY, SAFE_PRIVATE, &fresh->reader, why);
	if (rc == ERR_OK)
		*db = fresh;
	else
		db_close(fresh);
	return rc;
}

enum err
db_open_private(struct db **db, int fd, const char *path, struct error *why)
{
	enum err rc = ERR_OK;
	char file[32];
	struct stat st;

	if (fstat(fd, &st) != 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot stat: %s", path,
		    strerror(errno));
	(void)snprintf(file, sizeof(file), "/proc/self/fd/%d", fd);
	/* Mapped, which is many times as fast: nobody can make it shrink. */
	*db = open_tdb(path, file, st.st_size == 0 ? O_RDWR | O_CREAT : O_RDWR,
	    FLAGS & ~TDB_NOMMAP, &rc, why);
	return rc;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	(void)tdb_close(db->tdb);
	if (db->reader >= 0)
		(void)close(db->reader);
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

	expect_no_failure(db);
	if (tdb_parse_record(
		db->tdb, data_of(key, key_len), parse_value, &call) == 0)
		return call.rc;
	if (tdb_error(db->tdb) == TDB_ERR_NOEXIST && !db->failed)
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

	expect_no_failure(db);
	if (tdb_traverse_read(db->tdb, visit_value, &call) < 0 || db->failed)
		return tdb_failed(db, "read", why);
	return call.rc;
}

enum err
db_begin(struct db *db, struct error *why)
{
	expect_no_failure(db);
	if (tdb_transaction_start(db->tdb) != 0)
		return tdb_failed(db, "start a transaction", why);
	return ERR_OK;
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
	int error = db->failed ? db->error : errno;

	if (tdb_error(db->tdb) == TDB_ERR_CORRUPT)
		return tdb_failed(db, "write", why);
	if (error == ENOMEM)
		return error_plain(why, ERR_NOMEM);
	/* libtdb loses what posix_fallocate(3) returned. */
	return error_set(why, ERR_SYSTEM, "%s: cannot write: %s", db->path,
	    error != 0 ? strerror(error)
		       : "No space left on device, or an I/O error");
}

enum err
db_commit(struct db *db, struct error *why)
{
	enum err rc;

	expect_no_failure(db);
	db->is_committing = true;
	if (tdb_transaction_commit(db->tdb) == 0 && !will_be_undone(db))
		rc = ERR_OK;
	else
		rc = commit_failed(db, why);
	if (rc != ERR_OK)
		stop_writing(db);
	db->is_committing = false;
	return rc;
}

enum err
db_put(struct db *db, const char *key, size_t key_len, const uint8_t *value,
    size_t len, struct error *why)
{
	expect_no_failure(db);
	/* It stores a second one beside one that it could not read. */
	if (tdb_store(db->tdb, data_of(key, key_len), data_of(value, len),
		TDB_REPLACE) != 0 ||
	    db->failed)
		return tdb_failed(db, "write", why);
	return ERR_OK;
}

enum err
db_put_new(struct db *db, const char *key, size_t key_len, const uint8_t *value,
    size_t len, struct error *why)
{
	bool is_stored;

	expect_no_failure(db);
	is_stored = tdb_store(db->tdb, data_of(key, key_len),
			data_of(value, len), TDB_INSERT) == 0;
	if (is_stored && !db->failed)
		return ERR_OK;
	if (!is_stored && tdb_error(db->tdb) == TDB_ERR_EXISTS)
		return error_plain(why, ERR_EXISTS);
	return tdb_failed(db, "write", why);
}

enum err
db_delete(struct db *db, const char *key, size_t key_len, struct error *why)
{
	bool is_deleted;

	expect_no_failure(db);
	is_deleted = tdb_delete(db->tdb, data_of(key, key_len)) == 0 ||
	    tdb_error(db->tdb) == TDB_ERR_NOEXIST;
	if (is_deleted && !db->failed)
		return ERR_OK;
	return tdb_failed(db, "write", why);
}
