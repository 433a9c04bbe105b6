#include "store/create.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "store/key.h"
#include "store/keycheck.h"
#include "store/lock.h"
#include "store/store.h"
#include "tdb/db.h"

#define FRESH ".new" /* behind the name of a database to be */

struct paths {
	char key_directory[STORE_PATH_SIZE];
	char lock[STORE_PATH_SIZE];
	char database[STORE_PATH_SIZE];
};

static void
set_paths(struct paths *paths, const struct config *config)
{
	const char *slash = strrchr(config->key, '/');

	(void)snprintf(paths->key_directory, STORE_PATH_SIZE, "%.*s",
	    slash == config->key ? 1 : (int)(slash - config->key), config->key);
	store_path(config, STORE_LOCK, paths->lock);
	store_path(config, STORE_DATABASE, paths->database);
}

/* Whether a file is there, of whatever kind. */
static enum err
exists(const char *path, bool *there, struct error *why)
{
	struct stat st;

	*there = lstat(path, &st) == 0;
	if (*there || errno == ENOENT)
		return ERR_OK;
	return error_set(
	    why, ERR_SYSTEM, "%s: cannot stat: %s", path, strerror(errno));
}

/* Writes a database that holds nothing but the key check. */
static enum err
write_database(const char *path, const struct keys *keys, struct error *why)
{
	struct db *db = NULL;
	enum err rc;

	rc = db_create(&db, path, why);
	if (rc != ERR_OK)
		return rc;
	rc = db_begin(db, why);
	if (rc == ERR_OK)
		rc = keycheck_put(db, keys, why);
	if (rc == ERR_OK)
		rc = db_commit(db, why);
	db_close(db);
	return rc;
}

enum err
create_database(const char *path, const struct keys *keys, struct error *why)
{
	char fresh[STORE_PATH_SIZE + sizeof(FRESH)];
	enum err rc;

	(void)snprintf(fresh, sizeof(fresh), "%s" FRESH, path);
	/* Left by a killed command; it was never in use. */
	(void)unlink(fresh);
	rc = write_database(fresh, keys, why);
	/* link, not rename: it fails where a database is there already. */
	if (rc == ERR_OK && link(fresh, path) != 0)
		rc = error_set(why, ERR_SYSTEM, "%s: cannot create: %s", path,
		    strerror(errno));
	(void)unlink(fresh);
	return rc == ERR_OK ? safe_sync_directory_of(path, why) : rc;
}

/* Opens what exists already, to check that key and database fit. */
static enum err
check_database(
    const struct paths *paths, const struct keys *keys, struct error *why)
{
	struct db *db = NULL;
	enum err rc = db_open(&db, paths->database, DB_WRITE, why);

	if (rc != ERR_OK)
		return rc;
	rc = keycheck_verify(db, keys, paths->database, why);
	if (rc == ERR_OK)
		rc = db_sync(db, why);
	db_close(db);
	return rc;
}

/*
 * Under the lock: key first, so that no database ever lacks its key. An
 * existing key may be that of a process killed before it synced the name.
 */
static enum err
create_locked(const struct config *config, const struct paths *paths,
    bool *created, struct error *why)
{
	bool has_database = false, has_key = false;
	struct keys keys;
	enum err rc;

	rc = exists(paths->database, &has_database, why);
	if (rc == ERR_OK)
		rc = exists(config->key, &has_key, why);
	if (rc != ERR_OK)
		return rc;
	if (has_database && !has_key)
		return error_set(why, ERR_MISSING,
		    "%s: missing beside its database %s; restore it from your "
		    "copy, or move the database away to start anew",
		    config->key, paths->database);
	/* key_create syncs the name itself. */
	rc = has_key ? safe_sync_directory_of(config->key, why)
		     : key_create(config->key, why);
	if (rc == ERR_OK)
		rc = key_read(config->key, &keys, why);
	if (rc == ERR_OK)
		rc = has_database
		    ? check_database(paths, &keys, why)
		    : create_database(paths->database, &keys, why);
	crypto_wipe(&keys, sizeof(keys));
	*created = rc == ERR_OK && !has_database;
	return rc;
}

enum err
create_store(const struct config *config, int64_t deadline, bool *created,
    struct error *why)
{
	struct lock lock;
	struct paths paths = {0};
	enum err rc;

	*created = false;
	set_paths(&paths, config);
	rc = crypto_init(why);
	if (rc != ERR_OK)
		return rc;
	rc = safe_make_directory(config->directory, why);
	if (rc == ERR_OK)
		rc = safe_make_directory(paths.key_directory, why);
	if (rc == ERR_OK)
		rc = lock_create(paths.lock, why);
	if (rc == ERR_OK)
		rc = lock_acquire(
		    &lock, paths.lock, LOCK_EXCLUSIVE, deadline, why);
	if (rc != ERR_OK)
		return rc;
	rc = create_locked(config, &paths, created, why);
	lock_release(&lock);
	return rc;
}
