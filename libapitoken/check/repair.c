#include "check/repair_impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "check/check.h"
#include "store/lock.h"
#include "tdb/db.h"

void
repair_report_free(struct repair_report *report)
{
	findings_free(&report->findings);
	findings_free(&report->changed);
}

/* Keeps the damaged file under a name of its own, never over another. */
static enum err
keep_damaged(struct rebuild *rebuild, const char *path)
{
	char *kept = rebuild->report->kept;
	size_t size = sizeof(rebuild->report->kept);
	time_t now = (time_t)rebuild->event.at;
	char stamp[32] = "";
	struct tm tm;
	int failed;

	if (gmtime_r(&now, &tm) != NULL)
		(void)strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	(void)snprintf(kept, size, "%s.damaged-%s", path, stamp);
	failed = link(path, kept);
	/* Another repair in the same second. */
	for (int i = 2; failed != 0 && errno == EEXIST && i < 10; i++) {
		(void)snprintf(kept, size, "%s.damaged-%s-%d", path, stamp, i);
		failed = link(path, kept);
	}
	if (failed == 0)
		return ERR_OK;
	return error_set(rebuild->why,
	    errno == EEXIST ? ERR_EXISTS : ERR_SYSTEM,
	    "%s: cannot keep the damaged database there: %s", kept,
	    strerror(errno));
}

static enum err
install(struct rebuild *rebuild, const char *fresh, const char *path)
{
	struct error *why = rebuild->why;
	enum err rc = ERR_OK;

	if (rebuild->report->outcome == REPAIR_REBUILT)
		rc = keep_damaged(rebuild, path);
	if (rc == ERR_OK && rename(fresh, path) != 0)
		rc = error_set(why, ERR_SYSTEM, "%s: cannot rename: %s", fresh,
		    strerror(errno));
	return rc == ERR_OK ? safe_sync_directory_of(path, why) : rc;
}

static enum err
write_fresh(
    struct rebuild *rebuild, const struct salvage *salvage, const char *path)
{
	char fresh[sizeof(struct check_paths)];
	enum err rc;

	(void)snprintf(fresh, sizeof(fresh), "%s.new", path);
	/* Left by a killed command; it was never in use. */
	(void)unlink(fresh);
	rc = db_create(&rebuild->db, fresh, rebuild->why);
	if (rc != ERR_OK)
		return rc;
	rc = repair_fill(rebuild, salvage);
	db_close(rebuild->db);
	if (rc == ERR_OK)
		rc = install(rebuild, fresh, path);
	if (rc != ERR_OK)
		(void)unlink(fresh);
	return rc;
}

/* Decides whether to replace the damaged database, and with what. */
static enum err
choose(struct rebuild *rebuild, struct salvage *salvage, const char *path)
{
	struct repair_report *report = rebuild->report;
	const struct inventory *inventory = salvage->inventory;
	bool damaged = report->findings.count > 0;
	enum err rc;

	if (inventory->newer > 0)
		return error_set(rebuild->why, ERR_NEWER,
		    "%s: a newer version has written to it; repair it with "
		    "that one",
		    path);
	if (damaged)
		report->outcome = REPAIR_REBUILT;
	else if (image_state(rebuild->image)->orphaned > 0)
		report->outcome = REPAIR_PACKED;
	if (report->outcome == REPAIR_NOTHING)
		return ERR_OK;
	rc = salvage_choose(salvage, rebuild->image, damaged);
	if (rc != ERR_OK)
		return error_plain(rebuild->why, rc);
	if (inventory->sealed == 0 && salvage->count == 0)
		return error_set(rebuild->why, ERR_DAMAGED,
		    "%s: nothing in it can be read, or it has another key; "
		    "restore it from a backup",
		    path);
	report->lost = salvage_list_lost(salvage, &report->changed);
	return ERR_OK;
}

static enum err
repair_database(struct rebuild *rebuild, const char *path, bool opens)
{
	struct repair_report *report = rebuild->report;
	struct inventory inventory = {.keys = rebuild->keys,
	    .findings = &report->findings,
	    .has_values = rebuild->has_values};
	struct salvage salvage = {.inventory = &inventory};
	enum err rc = image_open(&rebuild->image, path, rebuild->why);

	if (rc != ERR_OK)
		return rc;
	rc = check_database(
	    &inventory, rebuild->image, path, opens, rebuild->why);
	if (rc == ERR_OK)
		rc = choose(rebuild, &salvage, path);
	if (rc == ERR_OK && report->outcome != REPAIR_NOTHING)
		rc = write_fresh(rebuild, &salvage, path);
	else
		report->tokens = inventory.sound_tokens;
	salvage_free(&salvage);
	inventory_free(&inventory);
	image_close(rebuild->image);
	return rc;
}

/* Finishes what a killed writer or repair left, if libtdb opens the file. */
static enum err
undo_interrupted(const char *path, bool *opens, struct error *why)
{
	struct db *db = NULL;
	enum err rc = db_open(&db, path, DB_WRITE, why);

	*opens = rc == ERR_OK;
	if (rc == ERR_OK)
		rc = db_sync(db, why);
	db_close(db);
	return rc == ERR_DAMAGED ? ERR_OK : rc;
}

static enum err
repair_locked(
    struct rebuild *rebuild, const struct check_paths *paths, int64_t deadline)
{
	struct lock lock;
	bool opens;
	enum err rc;

	rc = lock_acquire(
	    &lock, paths->lock, LOCK_EXCLUSIVE, deadline, rebuild->why);
	if (rc != ERR_OK)
		return rc;
	rc = undo_interrupted(paths->database, &opens, rebuild->why);
	if (rc == ERR_OK)
		rc = repair_database(rebuild, paths->database, opens);
	lock_release(&lock);
	return rc;
}

enum err
repair_store(struct repair_report *report, const struct config *config,
    const char *by, int64_t now, int64_t deadline, struct error *why)
{
	struct keys keys = {0};
	struct rebuild rebuild = {
	    .report = report,
	    .keys = &keys,
	    .has_values = config->is_for_fleet,
	    .event = {.at = now, .reason = REPAIR_REASON},
	    .why = why,
	};
	struct check_paths paths;
	enum err rc;

	*report = (struct repair_report){0};
	(void)snprintf(rebuild.event.by, sizeof(rebuild.event.by), "%s", by);
	check_set_paths(&paths, config);
	rc = crypto_init(why);
	if (rc != ERR_OK)
		return rc;
	rc = check_files(&report->findings, config, &paths, why);
	if (rc == ERR_OK)
		rc = key_read(config->key, &keys, why);
	if (rc == ERR_OK)
		rc = repair_locked(&rebuild, &paths, deadline);
	crypto_wipe(&keys, sizeof(keys));
	return rc;
}
