#include "check/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "check/crosscheck.h"
#include "store/key.h"
#include "store/keycheck.h"
#include "store/lock.h"
#include "store/store.h"
#include "store/store_open.h"
#include "tdb/db.h"

void
check_report_free(struct check_report *report)
{
	findings_free(&report->findings);
}

static void
judge_file(
    struct findings *findings, const struct image_state *state, bool opens)
{
	if (state->error != 0)
		findings_add(findings,
		    "a part of the file cannot be read: %s; check the disk, "
		    "then --repair rebuilds the file from the rest",
		    strerror(state->error));
	if (state->head || !opens)
		findings_add(findings,
		    "the head of the file is damaged, and no token in it "
		    "logs in; --repair rebuilds it");
	if (state->links > 0)
		findings_add(findings,
		    "the chains are broken in %llu places; --repair "
		    "rebuilds them",
		    (unsigned long long)state->links);
	if (state->misplaced > 0)
		findings_add(findings,
		    "chains lead to %llu entries that were deleted or "
		    "replaced; --repair deactivates these",
		    (unsigned long long)state->misplaced);
	if (state->free_space)
		findings_add(findings,
		    "the list of free space is broken, and the next write may "
		    "destroy tokens; --repair rebuilds it");
	if (state->recovery)
		findings_add(findings,
		    "the recovery area is not where the head says, and the "
		    "next write may destroy tokens; --repair rebuilds it");
	if (state->interrupted)
		findings_add(findings,
		    "an interrupted write cannot be undone; --repair "
		    "deactivates all tokens, since any may be half-written");
}

enum err
check_database(struct inventory *inventory, struct tdb_image *image,
    const char *path, bool opens, struct error *why)
{
	enum err rc = inventory_take(inventory, image);

	if (rc == ERR_OK && inventory->sealed == 0 && inventory->has_check)
		return error_set(why, ERR_KEY,
		    "%s: nothing in it is sealed with the configured key; "
		    "restore the key that belongs to it",
		    path);
	if (rc == ERR_OK && !inventory->check_fits)
		findings_add(inventory->findings,
		    "the key check is %s; --repair rebuilds it",
		    inventory->has_check ? "damaged" : "missing");
	if (rc == ERR_OK)
		rc = crosscheck(inventory, image);
	judge_file(inventory->findings, image_state(image), opens);
	return rc == ERR_OK ? rc : error_plain(why, rc);
}

static enum err
judge_one_file(struct findings *findings, const char *path, struct error *why)
{
	int fd = -1;
	enum err rc = safe_open(path, O_RDONLY, SAFE_PRIVATE, &fd, why);

	if (rc == ERR_UNSAFE)
		findings_add(findings, "%s", why->text);
	if (rc == ERR_OK)
		(void)close(fd);
	return rc;
}

enum err
check_files(struct findings *findings, const struct config *config,
    const struct check_paths *paths, struct error *why)
{
	const char *const files[] = {paths->database, paths->lock, config->key};
	enum err unsafe = ERR_OK, rc;

	rc = safe_check_directory(config->directory, why);
	if (rc == ERR_MISSING)
		return store_explain_missing(config, why);
	if (rc == ERR_UNSAFE)
		findings_add(findings, "%s", why->text);
	if (rc == ERR_UNSAFE)
		unsafe = rc;
	else if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		rc = judge_one_file(findings, files[i], why);
		if (rc == ERR_MISSING)
			return store_explain_missing(config, why);
		if (rc == ERR_UNSAFE)
			unsafe = rc;
		else if (rc != ERR_OK)
			return rc;
	}
	return unsafe;
}

void
check_set_paths(struct check_paths *paths, const struct config *config)
{
	store_path(config, STORE_DATABASE, paths->database);
	store_path(config, STORE_LOCK, paths->lock);
}

/*
 * Takes the lock, and lets libtdb undo what a killed writer left. *opens tells
 * whether libtdb can open the file at all.
 */
static enum err
begin(struct lock *lock, const struct check_paths *paths, int64_t deadline,
    bool *opens, struct error *why)
{
	struct db *db = NULL;
	enum err rc = store_open_database(
	    &db, lock, paths->database, paths->lock, DB_READ, deadline, why);

	db_close(db);
	*opens = rc == ERR_OK;
	return rc == ERR_DAMAGED ? ERR_OK : rc;
}

static enum err
read_database(struct check_report *report, struct inventory *inventory,
    const char *path, bool opens, struct error *why)
{
	struct tdb_image *image = NULL;
	enum err rc = image_open(&image, path, why);

	if (rc != ERR_OK)
		return rc;
	rc = check_database(inventory, image, path, opens, why);
	report->tokens = inventory->sound_tokens;
	report->users = inventory->owners;
	report->orphaned = image_state(image)->orphaned;
	image_close(image);
	return rc;
}

/* Opens the database as it is, and checks as much as most allows. */
static enum err
look(struct check_report *report, struct inventory *inventory,
    const struct check_paths *paths, uint64_t most, struct error *why)
{
	struct db *db = NULL;
	struct stat status;
	enum err rc = db_open(&db, paths->database, DB_READ, why);

	report->is_interrupted = rc == ERR_BUSY;
	report->is_partial = stat(paths->database, &status) == 0 &&
	    (uint64_t)status.st_size > most;
	if (rc == ERR_OK && report->is_partial)
		rc = keycheck_verify(db, inventory->keys, paths->database, why);
	db_close(db);
	if (report->is_partial || (rc != ERR_OK && rc != ERR_DAMAGED))
		return rc;
	return read_database(
	    report, inventory, paths->database, rc == ERR_OK, why);
}

/* What to do: undo what a killed writer left, or only look. */
struct check_way {
	bool looks;
	uint64_t most; /* bytes, of a look */
};

static enum err
run(struct check_report *report, const struct config *config,
    const struct check_way *way, int64_t deadline, struct error *why)
{
	struct lock lock = {.fd = -1};
	struct keys keys = {0};
	struct inventory inventory = {.keys = &keys,
	    .findings = &report->findings,
	    .has_values = config->is_for_fleet};
	struct check_paths paths;
	bool opens = false;
	enum err rc;

	*report = (struct check_report){0};
	check_set_paths(&paths, config);
	rc = crypto_init(why);
	if (rc != ERR_OK)
		return rc;
	rc = check_files(&report->findings, config, &paths, why);
	if (rc != ERR_OK)
		return rc == ERR_UNSAFE ? ERR_OK : rc;
	rc = key_read(config->key, &keys, why);
	if (rc == ERR_OK && way->looks)
		rc = lock_acquire(
		    &lock, paths.lock, LOCK_SHARED, deadline, why);
	else if (rc == ERR_OK)
		rc = begin(&lock, &paths, deadline, &opens, why);
	if (rc == ERR_OK && way->looks)
		rc = look(report, &inventory, &paths, way->most, why);
	else if (rc == ERR_OK)
		rc = read_database(
		    report, &inventory, paths.database, opens, why);
	inventory_free(&inventory);
	lock_release(&lock);
	crypto_wipe(&keys, sizeof(keys));
	return rc;
}

enum err
check_store(struct check_report *report, const struct config *config,
    int64_t deadline, struct error *why)
{
	const struct check_way way = {.looks = false};

	return run(report, config, &way, deadline, why);
}

enum err
check_look(struct check_report *report, const struct config *config,
    uint64_t most, int64_t deadline, struct error *why)
{
	const struct check_way way = {.looks = true, .most = most};

	return run(report, config, &way, deadline, why);
}
