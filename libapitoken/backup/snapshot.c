#include "backup/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"
#include "store/lock.h"
#include "store/store.h"

#define BLOCK (256 * 1024)

/* Compared, or copied: one block of each file. */
struct blocks {
	char from[BLOCK], to[BLOCK];
};

static enum err
copy_failed(const struct config *config, const char *what, struct error *why)
{
	return error_set(why, ERR_SYSTEM, "%s/%s: cannot %s a copy of it: %s%s",
	    config->directory, STORE_DATABASE, what, strerror(errno),
	    errno == ENOSPC || errno == EDQUOT
		? " (it needs as much room as the database, in the same "
		  "directory)"
		: "");
}

static int
write_block(int fd, const char *block, size_t len, off_t at)
{
	while (len > 0) {
		ssize_t put = pwrite(fd, block, len, at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		block += put;
		at += put;
		len -= (size_t)put;
	}
	return 0;
}

/*
 * Compares two files up to the first difference or, if mend is set, writes to
 * the second wherever it differs. *same: no difference was seen. 0, or -1 with
 * errno.
 */
static int
compare(int from, int to, bool mend, bool *same)
{
	struct blocks *blocks = malloc(sizeof(*blocks));
	ssize_t got, had;
	off_t at = 0;
	int rc = -1;

	if (blocks == NULL)
		return -1;
	*same = true;
	do {
		got = retry_pread(from, blocks->from, BLOCK, at);
		had = retry_pread(to, blocks->to, BLOCK, at);
		if (got < 0 || had < 0)
			goto out;
		if (got != had ||
		    memcmp(blocks->from, blocks->to, (size_t)got) != 0) {
			*same = false;
			if (mend &&
			    write_block(to, blocks->from, (size_t)got, at) != 0)
				goto out;
		}
		at += got;
	} while (got == BLOCK && (*same || mend));
	rc = mend ? retry_ftruncate(to, at) : 0;
out:
	free(blocks);
	return rc;
}

/*
 * A new file in a directory, for us alone; or -1 with errno. It never has a
 * name or, on a file system without O_TMPFILE, has one for a moment only.
 */
static int
make_nameless(const char *directory)
{
	char path[STORE_PATH_SIZE];
	int fd = retry_openat(AT_FDCWD, directory,
	    O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);

	if (fd >= 0)
		return fd;
	(void)snprintf(
	    path, STORE_PATH_SIZE, "%s/%s.XXXXXX", directory, STORE_DATABASE);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

enum err
snapshot_make(const struct config *config, int *fd, struct error *why)
{
	enum err rc = safe_check_directory(config->directory, why);

	if (rc != ERR_OK && rc != ERR_MISSING)
		return rc;
	*fd = make_nameless(rc == ERR_OK ? config->directory : P_tmpdir);
	return *fd >= 0 ? ERR_OK : copy_failed(config, "make", why);
}

/* Opens the database for reading, under its lock or without. */
static enum err
open_database(const struct config *config, int *fd, struct error *why)
{
	char path[STORE_PATH_SIZE];

	store_path(config, STORE_DATABASE, path);
	return safe_open(path, O_RDONLY, SAFE_PRIVATE, fd, why);
}

/* Updates fd's file to what the database is now. */
static enum err
follow(const struct config *config, int fd, struct error *why)
{
	int database = -1;
	bool same;
	enum err rc = open_database(config, &database, why);

	if (rc != ERR_OK)
		return rc;
	if (compare(database, fd, true, &same) != 0)
		rc = copy_failed(config, "write", why);
	(void)close(database);
	return rc;
}

static enum err
take_lock(const struct config *config, enum lock_mode mode, struct lock *lock,
    struct error *why)
{
	char path[STORE_PATH_SIZE];

	store_path(config, STORE_LOCK, path);
	return lock_acquire(lock, path, mode, store_deadline(config), why);
}

/*
 * Finishes what a killed writer left, so that the copy is the same file. A
 * damaged database is copied as it is.
 */
static enum err
settle(const struct config *config, struct error *why)
{
	struct store *store = NULL;
	enum err rc = store_open(
	    &store, config, STORE_READ, store_deadline(config), why);

	store_close(store);
	return rc == ERR_MISSING || rc == ERR_BUSY ? rc : ERR_OK;
}

enum err
snapshot_take(const struct config *config, int *fd, struct error *why)
{
	struct lock lock;
	int copy = -1;
	enum err rc = settle(config, why);

	if (rc == ERR_OK)
		rc = snapshot_make(config, &copy, why);
	/*
	 * Most of it without the lock, then with it what was written meanwhile.
	 */
	if (rc == ERR_OK)
		rc = follow(config, copy, why);
	if (rc == ERR_OK)
		rc = take_lock(config, LOCK_SHARED, &lock, why);
	if (rc == ERR_OK) {
		rc = follow(config, copy, why);
		lock_release(&lock);
	}
	if (rc == ERR_OK)
		*fd = copy;
	else if (copy >= 0)
		(void)close(copy);
	return rc;
}

/* Writes fresh to the disk under a name. */
static enum err
write_named(
    const struct config *config, const char *path, int fresh, struct error *why)
{
	bool same;
	int fd, failed;

	/* Left by a killed restore; it was never in use. */
	(void)unlink(path);
	fd = retry_openat(AT_FDCWD, path,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    S_IRUSR | S_IWUSR);
	if (fd < 0)
		return copy_failed(config, "make", why);
	failed = compare(fresh, fd, true, &same) != 0 || retry_fsync(fd) != 0;
	if (failed)
		(void)copy_failed(config, "write", why);
	(void)close(fd);
	return failed ? ERR_SYSTEM : ERR_OK;
}

/* With the lock: replaces the database, unless it differs from old. */
static enum err
replace(const struct config *config, const char *path, int old, bool *changed,
    struct error *why)
{
	char database[STORE_PATH_SIZE];
	int fd = -1;
	bool same = false;
	enum err rc = open_database(config, &fd, why);

	if (rc != ERR_OK)
		return rc;
	store_path(config, STORE_DATABASE, database);
	if (compare(fd, old, false, &same) != 0)
		rc = copy_failed(config, "read", why);
	else if (same && rename(path, database) != 0)
		rc = error_set(why, ERR_SYSTEM, "%s: cannot replace: %s",
		    database, strerror(errno));
	(void)close(fd);
	*changed = rc == ERR_OK && !same;
	if (rc == ERR_OK && same)
		rc = safe_sync_directory_of(database, why);
	return rc;
}

/* One restore at a time: all use the same name. Held until fd is closed. */
static enum err
claim(const struct config *config, int *fd, struct error *why)
{
	enum err rc;

	*fd = retry_openat(
	    AT_FDCWD, config->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (*fd < 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot open: %s",
		    config->directory, strerror(errno));
	if (retry_flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	rc = errno == EWOULDBLOCK
	    ? error_set(why, ERR_BUSY,
		  "%s: another restore is at work there; wait for its end",
		  config->directory)
	    : error_set(why, ERR_SYSTEM, "%s: cannot lock: %s",
		  config->directory, strerror(errno));
	(void)close(*fd);
	*fd = -1;
	return rc;
}

enum err
snapshot_install(const struct config *config, int fresh, int old, bool *changed,
    struct error *why)
{
	char path[STORE_PATH_SIZE];
	struct lock lock;
	int claimed = -1;
	enum err rc = claim(config, &claimed, why);

	*changed = false;
	if (rc != ERR_OK)
		return rc;
	store_path(config, STORE_DATABASE ".restore", path);
	rc = write_named(config, path, fresh, why);
	if (rc == ERR_OK)
		rc = take_lock(config, LOCK_EXCLUSIVE, &lock, why);
	if (rc == ERR_OK) {
		rc = replace(config, path, old, changed, why);
		lock_release(&lock);
	}
	if (rc != ERR_OK || *changed)
		(void)unlink(path);
	(void)close(claimed);
	return rc;
}
