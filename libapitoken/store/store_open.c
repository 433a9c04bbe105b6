/* Opening and closing: lock, key and database of a store. */
#include "store/store_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/safe_file.h"
#include "store/keycheck.h"
#include "store/store_impl.h"

void
store_path(
    const struct config *config, const char *name, char path[STORE_PATH_SIZE])
{
	(void)snprintf(path, STORE_PATH_SIZE, "%s/%s", config->directory, name);
}

bool
store_is_denied(const struct config *config)
{
	return faccessat(
		   AT_FDCWD, config->directory, R_OK | X_OK, AT_EACCESS) != 0 &&
	    errno == EACCES;
}

int64_t
store_deadline(const struct config *config)
{
	return deadline_in(config->lock_timeout * 1000);
}

enum err
store_new(struct store **store, const struct config *config, const char *name,
    struct error *why)
{
	enum err rc = crypto_init(why);

	if (rc != ERR_OK)
		return rc;
	*store = calloc(1, sizeof(**store));
	if (*store == NULL)
		return error_plain(why, ERR_NOMEM);
	(*store)->lock.fd = -1;
	store_path(config, name, (*store)->path);
	return ERR_OK;
}

void
store_close(struct store *store)
{
	struct lock lock;

	if (store == NULL)
		return;
	lock = store->lock;
	db_close(store->db);
	crypto_wipe(store, sizeof(*store));
	free(store);
	/* Last: a fork waits for this, and must not copy our keys. */
	lock_release(&lock);
}

/* Only a copy of it helps then. */
static enum err
no_key(const struct config *config, const char *database, struct error *why)
{
	return error_set(why, ERR_MISSING,
	    "%s: the key is missing; restore it from your copy; without it, "
	    "no token in %s can be checked",
	    config->key, database);
}

enum err
store_explain_missing(const struct config *config, struct error *why)
{
	char database[STORE_PATH_SIZE], lock[STORE_PATH_SIZE];

	store_path(config, STORE_DATABASE, database);
	store_path(config, STORE_LOCK, lock);
	if (safe_is_absent(database) && config->is_for_fleet)
		return error_set(why, ERR_MISSING,
		    "%s: what this machine issues to its fleet is not there; "
		    "the engine has what was acknowledged: tokenadm fleet "
		    "adopt, after tokenadm restore --fleet if there is a "
		    "backup",
		    config->directory);
	if (safe_is_absent(database))
		return error_set(why, ERR_MISSING,
		    "%s: no token database here; restore it from a backup, or "
		    "make a new one with: tokenadm init",
		    config->directory);
	if (safe_is_absent(config->key))
		return no_key(config, database, why);
	return error_set(why, ERR_MISSING,
	    "%s: the lock file is missing; the database is there, and stays "
	    "as it is; mend it with: tokenadm init",
	    lock);
}

enum err
store_read_keys(
    struct store *store, const struct config *config, struct error *why)
{
	enum err rc = key_read(config->key, &store->keys, why);

	return rc == ERR_MISSING ? no_key(config, store->path, why) : rc;
}

enum err
store_open_database(struct db **db, struct lock *lock, const char *path,
    const char *lock_path, enum db_mode mode, int64_t deadline,
    struct error *why)
{
	bool writing = mode == DB_WRITE;
	enum err rc = lock_acquire(lock, lock_path,
	    writing ? LOCK_EXCLUSIVE : LOCK_SHARED, deadline, why);

	if (rc != ERR_OK)
		return rc;
	rc = db_open(db, path, mode, why);
	if (rc != ERR_BUSY || writing)
		return rc;
	/* A writer was killed: finish its work, and keep the exclusive lock. */
	lock_release(lock);
	rc = lock_acquire(lock, lock_path, LOCK_EXCLUSIVE, deadline, why);
	return rc == ERR_OK ? db_open(db, path, DB_WRITE, why) : rc;
}

/* Opens the database with its keys, and begins a transaction. */
static enum err
open_all(struct store *store, const struct config *config,
    const char *lock_path, enum store_mode mode, int64_t deadline,
    struct error *why)
{
	static const enum db_mode MODES[] = {
	    [STORE_READ] = DB_READ,
	    [STORE_SCAN] = DB_SCAN,
	    [STORE_WRITE] = DB_WRITE,
	};
	enum err rc = safe_check_directory(config->directory, why);

	if (rc == ERR_OK)
		rc = store_open_database(&store->db, &store->lock, store->path,
		    lock_path, MODES[mode], deadline, why);
	if (rc == ERR_OK)
		rc = store_read_keys(store, config, why);
	if (rc != ERR_OK || mode != STORE_WRITE)
		return rc;
	rc = keycheck_verify(store->db, &store->keys, store->path, why);
	if (rc == ERR_OK)
		rc = db_begin(store->db, why);
	store->writing = rc == ERR_OK;
	return rc;
}

enum err
store_open_files(struct store **store, const struct config *config,
    const struct store_files *files, enum store_mode mode, int64_t deadline,
    struct error *why)
{
	char lock_path[STORE_PATH_SIZE];
	struct store *fresh;
	enum err rc = store_new(&fresh, config, files->database, why);

	if (rc != ERR_OK)
		return rc;
	store_path(config, files->lock, lock_path);
	rc = open_all(fresh, config, lock_path, mode, deadline, why);
	if (rc == ERR_OK)
		*store = fresh;
	else
		store_close(fresh);
	return rc;
}

enum err
store_open(struct store **store, const struct config *config,
    enum store_mode mode, int64_t deadline, struct error *why)
{
	static const struct store_files FILES = {STORE_DATABASE, STORE_LOCK};
	enum err rc = store_open_files(
	    store, config, &FILES, mode, deadline, why);

	return rc == ERR_MISSING ? store_explain_missing(config, why) : rc;
}

enum err
store_explain(const struct store *store, enum err rc,
    const struct store_advice *advice, const char *what, const char *name,
    struct error *why)
{
	enum err key_rc;

	if (rc == ERR_NOMEM)
		return error_plain(why, rc);
	if (rc != ERR_NOT_FOUND && rc != ERR_DAMAGED && rc != ERR_NEWER)
		return rc;
	key_rc = keycheck_verify(store->db, &store->keys, store->path, why);
	if (key_rc != ERR_OK)
		return key_rc;
	if (rc == ERR_NOT_FOUND)
		return error_set(why, rc, "%s: %s", name, advice->not_found);
	if (rc == ERR_NEWER)
		return error_set(why, rc,
		    "%s: %s %s was written by a newer version; upgrade this "
		    "machine's pam_apitoken",
		    store->path, what, name);
	return error_set(why, rc, "%s: %s %s is damaged; %s", store->path, what,
	    name, advice->damaged);
}
