#include "check/repair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "check/check.h"
#include "check/salvage.h"
#include "lifecycle/life_table.h"
#include "store/db_key.h"
#include "store/keycheck.h"
#include "store/lock.h"
#include "tdb/db.h"
#include "token/index.h"
#include "token/logo.h"
#include "token/record.h"

/* Tokens, and bytes of logos, held in memory until they are written. */
#define BATCH 100000
#define BATCH_BYTES (UINT64_C(64) << 20)

/* The new database while it is written. */
struct rebuild {
	struct repair_report *report;
	const struct keys *keys;
	struct record_event event; /* of whoever repairs */
	struct tdb_image *image;
	struct db *db;
	uint64_t logo_bytes; /* of the transaction */
	struct error *why;
};

void
repair_report_free(struct repair_report *report)
{
	findings_free(&report->findings);
	findings_free(&report->changed);
}

struct copy_call {
	struct rebuild *rebuild;
	const struct salvage_item *item;
	bool has_logo; /* it was copied */
};

/* Copies the logo of a token, if it is still what it was. */
static enum err
copy_logo(const struct image_entry *entry, void *arg)
{
	struct copy_call *call = arg;
	struct rebuild *rebuild = call->rebuild;
	struct logo *logo = malloc(sizeof(*logo));
	enum err rc;

	if (logo == NULL)
		return error_plain(rebuild->why, ERR_NOMEM);
	rc = logo_decode(logo, call->item->id, rebuild->keys->record,
	    entry->value, entry->len);
	call->has_logo = rc == ERR_OK && logo_mark(logo) == call->item->logo;
	free(logo);
	if (!call->has_logo)
		return ERR_OK;
	rebuild->logo_bytes += entry->len;
	return db_put(rebuild->db, entry->key, entry->key_len, entry->value,
	    entry->len, rebuild->why);
}

/* Notes that the logo is gone. */
static void
drop_logo(struct rebuild *rebuild, struct record *record)
{
	findings_add(&rebuild->report->changed,
	    "token %s of %s (`%s`): its logo is lost", record->id, record->user,
	    record->name);
	logo_note(record, NULL);
}

/* Deactivates the token, unless it cannot log in anyway. */
static void
doubt(struct rebuild *rebuild, struct record *record)
{
	findings_add(&rebuild->report->changed,
	    "token %s of %s (`%s`): brought back from a copy that may be "
	    "old: %s",
	    record->id, record->user, record->name,
	    record->state == RECORD_ACTIVE
		? "deactivated; look at it, then approve or delete it"
		: record_state_name(record->state));
	rebuild->report->doubtful++;
	(void)life_apply(record, LIFE_DOUBT, &rebuild->event);
}

static enum err
copy_record(const struct image_entry *entry, void *arg)
{
	struct copy_call *call = arg;
	struct rebuild *rebuild = call->rebuild;
	const struct salvage_item *item = call->item;
	uint8_t bytes[RECORD_BYTES_MAX];
	struct record record;
	size_t len = 0;
	enum err rc;

	rc = record_decode(
	    &record, item->id, rebuild->keys->record, entry->value, entry->len);
	if (rc == ERR_OK && item->doubtful)
		doubt(rebuild, &record);
	if (rc == ERR_OK && record.logo != PICTURE_NONE && !call->has_logo)
		drop_logo(rebuild, &record);
	/* One that was not changed has the same bytes again. */
	if (rc == ERR_OK)
		rc = record_encode(&record, rebuild->keys->record, bytes, &len);
	if (rc != ERR_OK)
		return error_set(rebuild->why, rc,
		    "token %s changed while it was read: a failing disk?",
		    item->id);
	rebuild->report->tokens++;
	return db_put(
	    rebuild->db, entry->key, entry->key_len, bytes, len, rebuild->why);
}

/* Its logo comes first: whether there is one stands in the record. */
static enum err
copy_token(struct rebuild *rebuild, const struct salvage *salvage,
    const struct salvage_item *item)
{
	struct copy_call call = {rebuild, item, false};
	uint64_t offset;
	enum err rc = ERR_OK;

	if (salvage_find_logo(salvage, item, &offset))
		rc = image_get(rebuild->image, offset, copy_logo, &call);
	/* A failing disk: the token goes on without. */
	if (rc == ERR_DAMAGED && !call.has_logo)
		rc = ERR_OK;
	return rc == ERR_OK
	    ? image_get(rebuild->image, item->offset, copy_record, &call)
	    : rc;
}

static enum err
put_index(struct rebuild *rebuild, const char *user, const struct index *index)
{
	char key[DB_KEY_SIZE];
	size_t key_len = db_key_make(key, DB_USER, user), len;
	uint8_t *bytes;
	enum err rc;

	rc = index_encode(index, user, rebuild->keys->record, &bytes, &len);
	if (rc != ERR_OK)
		return error_plain(rebuild->why, rc);
	rc = db_put(rebuild->db, key, key_len, bytes, len, rebuild->why);
	free(bytes);
	return rc;
}

/* Writes one user's tokens and their index; moves *next past them. */
static enum err
put_user(struct rebuild *rebuild, const struct salvage *salvage, size_t *next)
{
	const struct inventory_user *user = salvage->items[*next].user;
	struct index index = {0};
	enum err rc = ERR_OK;

	for (; rc == ERR_OK && *next < salvage->count; ++*next) {
		const struct salvage_item *item = &salvage->items[*next];

		if (item->user != user)
			break;
		rc = copy_token(rebuild, salvage, item);
		if (rc == ERR_OK && index_add(&index, item->id) != ERR_OK)
			rc = error_plain(rebuild->why, ERR_NOMEM);
	}
	if (rc == ERR_OK)
		rc = put_index(rebuild, user->name, &index);
	index_free(&index);
	return rc;
}

/* Nobody uses the file yet: it may be written in parts. */
static enum err
put_all(struct rebuild *rebuild, const struct salvage *salvage)
{
	size_t next = 0, until;
	enum err rc = db_begin(rebuild->db, rebuild->why);

	if (rc == ERR_OK)
		rc = keycheck_put(rebuild->db, rebuild->keys, rebuild->why);
	for (until = BATCH; rc == ERR_OK && next < salvage->count;) {
		rc = put_user(rebuild, salvage, &next);
		if (rc != ERR_OK ||
		    (next < until && rebuild->logo_bytes < BATCH_BYTES))
			continue;
		until = next + BATCH;
		rebuild->logo_bytes = 0;
		rc = db_commit(rebuild->db, rebuild->why);
		if (rc == ERR_OK)
			rc = db_begin(rebuild->db, rebuild->why);
	}
	return rc == ERR_OK ? db_commit(rebuild->db, rebuild->why) : rc;
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
	rc = put_all(rebuild, salvage);
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
	struct inventory inventory = {
	    .keys = rebuild->keys, .findings = &report->findings};
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
