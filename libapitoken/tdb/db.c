#include "tdb/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"
#include "tdb/db_impl.h"
#include "tdb/tdb_recovery.h"

/* We lock ourselves. Without a mapping, a shrinking file raises no SIGBUS. */
#define FLAGS (TDB_NOLOCK | TDB_NOMMAP | TDB_DISALLOW_NESTING)

void
db_stop_writing(struct db *db)
{
	int error = errno;

	if (db->reader >= 0)
		(void)dup3(db->reader, tdb_fd(db->tdb), O_CLOEXEC);
	errno = error;
}

/*
 * libtdb 1.4.8 reports what it cannot read as missing (tdb.c, tdb_find: the
 * result of its reads is lost). But it logs the failure.
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
		db_stop_writing(db);
}

void
db_expect_no_failure(struct db *db)
{
	db->failed = false;
	errno = 0;
}

enum err
db_failed(struct db *db, const char *what, struct error *why)
{
	enum TDB_ERROR code = tdb_error(db->tdb);

	if (db->failed && (code == TDB_SUCCESS || code == TDB_ERR_NOEXIST))
		code = TDB_ERR_IO;
	/* libtdb reports a file that cannot grow as out of memory. */
	if (code == TDB_ERR_OOM && errno != 0 && errno != ENOMEM)
		code = TDB_ERR_IO;
	if (code == TDB_ERR_OOM)
		return error_plain(why, ERR_NOMEM);
	if (code == TDB_ERR_IO && errno != 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot %s: %s", db->path,
		    what, strerror(errno));
	/* libtdb reports an offset outside the file as an I/O error. */
	if (code == TDB_ERR_IO || code == TDB_ERR_CORRUPT)
		return error_set(why, ERR_DAMAGED,
		    "%s: damaged; restore it from a backup", db->path);
	return error_set(why, ERR_INTERNAL, "%s: cannot %s: %s", db->path, what,
	    tdb_errorstr(db->tdb));
}

static enum err
damaged(const char *path, struct error *why)
{
	return error_set(why, ERR_DAMAGED,
	    "%s: damaged, or not a token database; restore it from a backup",
	    path);
}

/* Explains why libtdb did not open the file. */
static enum err
open_failed(const char *path, int flags, struct error *why)
{
	int code = errno;

	/* A writer would have finished it: this is damage. */
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
	case EIO: /* wrong magic; the others: wrong after it */
	case EINVAL:
	case ENOSYS:
		return damaged(path, why);
	case EEXIST:
		return error_set(why, ERR_EXISTS, "%s: exists already", path);
	default:
		return error_set(why, ERR_SYSTEM, "%s: cannot open: %s", path,
		    strerror(code));
	}
}

/*
 * Opens file, named path in errors, through libtdb. O_CREAT only if nothing is
 * there: it empties the file. NULL with the reason in *rc.
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
	/* TDB_NO_FSYNC in the environment of the host turns syncs off. */
	tdb_remove_flags(fresh->tdb, TDB_NOSYNC);
	return fresh;
}

enum err
db_open(struct db **db, const char *path, enum db_mode mode, struct error *why)
{
	/* Our file does not shrink under the mapping while it is locked. */
	int flags = mode == DB_SCAN ? FLAGS & ~TDB_NOMMAP : FLAGS;
	struct db *fresh;
	int reader = -1;
	enum err rc;

	/* Checked before libtdb reads it, and again after it is open. */
	rc = mode == DB_WRITE
	    ? safe_open(path, O_RDONLY, SAFE_PRIVATE, &reader, why)
	    : safe_check_name(path, SAFE_PRIVATE, why);
	if (rc != ERR_OK)
		return rc;
	if (mode == DB_WRITE && !recovery_is_sound(reader)) {
		rc = errno == 0
		    ? damaged(path, why)
		    : error_set(why, ERR_SYSTEM, "%s: cannot read: %s", path,
			  strerror(errno));
		(void)close(reader);
		return rc;
	}
	fresh = open_tdb(path, path,
	    (mode == DB_WRITE ? O_RDWR : O_RDONLY) | O_NOFOLLOW, flags, &rc,
	    why);
	if (fresh == NULL) {
		if (reader >= 0)
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

/* Made before libtdb opens it, so that what is removed is what was made. */
enum err
db_create(struct db **db, const char *path, struct error *why)
{
	enum err rc = ERR_INTERNAL;
	struct db *fresh;
	int reader = retry_openat(AT_FDCWD, path,
	    O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    S_IRUSR | S_IWUSR);

	if (reader < 0)
		return open_failed(path, O_RDWR, why);
	fresh = open_tdb(
	    path, path, O_RDWR | O_CREAT | O_NOFOLLOW, FLAGS, &rc, why);
	if (fresh == NULL) {
		(void)unlink(path);
		(void)close(reader);
		return rc;
	}
	fresh->reader = reader;
	*db = fresh;
	return ERR_OK;
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
	/* Mapped, which is many times faster: nobody can shrink it. */
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

TDB_DATA
db_data(const void *bytes, size_t len)
{
	/* libtdb takes what it only reads as non-const. */
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

	db_expect_no_failure(db);
	if (tdb_parse_record(
		db->tdb, db_data(key, key_len), parse_value, &call) == 0)
		return call.rc;
	if (tdb_error(db->tdb) == TDB_ERR_NOEXIST && !db->failed)
		return ERR_NOT_FOUND;
	return db_failed(db, "read", why);
}

/*
 * A walk through all entries. libtdb follows a circular chain for ever; then,
 * and only then, a key comes twice. One key is kept to compare with, and
 * replaced each time that twice as many were seen (R. P. Brent's method).
 */
struct each_call {
	struct read_call read;
	TDB_DATA kept;
	uint64_t seen, until;
	bool circle;
	struct error *why;
};

/* Keeps a copy of the key in place of the one before. */
static enum err
keep_key(struct each_call *call, TDB_DATA key)
{
	unsigned char *copy = realloc(call->kept.dptr, key.dsize + 1);

	if (copy == NULL)
		return error_plain(call->why, ERR_NOMEM);
	if (key.dsize > 0)
		memcpy(copy, key.dptr, key.dsize);
	call->kept = (TDB_DATA){.dptr = copy, .dsize = key.dsize};
	call->until *= 2;
	return ERR_OK;
}

static int
visit_value(struct tdb_context *tdb, TDB_DATA key, TDB_DATA value, void *arg)
{
	struct each_call *call = arg;

	(void)tdb;
	call->circle = call->kept.dptr != NULL &&
	    call->kept.dsize == key.dsize &&
	    (key.dsize == 0 ||
		memcmp(call->kept.dptr, key.dptr, key.dsize) == 0);
	if (call->circle)
		return 1;
	if (++call->seen == call->until)
		call->read.rc = keep_key(call, key);
	if (call->read.rc == ERR_OK)
		(void)parse_value(key, value, &call->read);
	return call->read.rc != ERR_OK;
}

enum err
db_each(struct db *db, db_reader *reader, void *arg, struct error *why)
{
	struct each_call call = {
	    .read = {reader, arg, ERR_OK}, .until = 1, .why = why};
	int visited;

	db_expect_no_failure(db);
	visited = tdb_traverse_read(db->tdb, visit_value, &call);
	free(call.kept.dptr);
	if (visited < 0 || db->failed)
		return db_failed(db, "read", why);
	return call.circle ? damaged(db->path, why) : call.read.rc;
}
