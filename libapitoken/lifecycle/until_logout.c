#include "lifecycle/until_logout.h"

#include <string.h>

#include "lifecycle/life_table.h"
#include "lifecycle/rotation.h"
#include "store/store.h"

/* Reads the record again, since it may have changed. */
static enum err
begin(struct store *store, const struct session *session, struct record *record,
    struct error *why)
{
	enum err rc = store_get(store, session->id, record, why);

	if (rc != ERR_OK)
		return rc;
	if (!record_is_usable(record, session->since))
		return error_set(why, ERR_REFUSED, "revoked meanwhile");
	/* Another session was faster. */
	if (record->begun != 0)
		return ERR_OK;
	rc = boot_read(record->boot, why);
	if (rc != ERR_OK)
		return rc;
	record->begun = session->since;
	rc = rotation_end(store, record, session->since, why);
	if (rc == ERR_OK)
		rc = store_put(store, record, why);
	return rc == ERR_OK ? store_commit(store, why) : rc;
}

enum err
until_logout_begin(const struct config *config, const char *run,
    const struct session *session, const struct record *record,
    int64_t deadline, struct error *why)
{
	struct record now = *record;
	struct store *store;
	bool over = false;
	enum err rc = ERR_OK;

	if (now.begun == 0) {
		rc = store_open(&store, config, STORE_WRITE, deadline, why);
		if (rc != ERR_OK)
			return rc;
		rc = begin(store, session, &now, why);
		store_close(store);
	}
	if (rc == ERR_OK)
		rc = until_logout_is_over(run, &now, &over, why);
	return rc == ERR_OK && over
	    ? error_set(why, ERR_REFUSED, "logged out meanwhile")
	    : rc;
}

static enum err
revoke(struct store *store, const char *id, int64_t now, struct error *why)
{
	const struct record_event event = {
	    .at = now,
	    .by = RECORD_BY_LOGIN,
	    .reason = "logged out",
	};
	struct record record;
	enum err rc = store_get(store, id, &record, why);

	if (rc != ERR_OK)
		return rc == ERR_NOT_FOUND ? ERR_OK : rc;
	if (record.lifetime != RECORD_UNTIL_LOGOUT ||
	    !life_apply(&record, LIFE_LOG_OUT, &event))
		return ERR_OK;
	rc = store_put(store, &record, why);
	return rc == ERR_OK ? store_commit(store, why) : rc;
}

enum err
until_logout_revoke(const struct config *config, const char *id, int64_t now,
    int64_t deadline, struct error *why)
{
	struct store *store;
	enum err rc = store_open(&store, config, STORE_WRITE, deadline, why);

	if (rc != ERR_OK)
		return rc;
	rc = revoke(store, id, now, why);
	store_close(store);
	return rc;
}

/* What the list says of a token. */
struct listed {
	const struct record *record;
	bool has_first; /* or one that may be: its file cannot be read */
	bool has_ended;
};

static enum err
look_at(const struct session *session, void *arg)
{
	struct listed *listed = arg;

	if (session_is_over(session))
		listed->has_ended = true;
	else if (session->since == listed->record->begun || session->since == 0)
		listed->has_first = true;
	return ERR_OK;
}

enum err
until_logout_is_over(
    const char *run, const struct record *record, bool *over, struct error *why)
{
	struct listed listed = {.record = record};
	char boot[BOOT_LEN + 1];
	enum err rc;

	*over = false;
	if (record->lifetime != RECORD_UNTIL_LOGOUT)
		return ERR_OK;
	rc = session_each(run, record->id, look_at, &listed, why);
	if (rc != ERR_OK)
		return rc;
	*over = listed.has_ended;
	if (*over || record->begun == 0)
		return ERR_OK;
	rc = boot_read(boot, why);
	*over = !listed.has_first || strcmp(boot, record->boot) != 0;
	return rc;
}

static enum err
find_oldest(const struct session *session, void *arg)
{
	/* An unreadable one is as good as any, see look_at. */
	int64_t *begun = arg, since = session->since == 0 ? 1 : session->since;

	if (!session_is_over(session) && (*begun == 0 || since < *begun))
		*begun = since;
	return ERR_OK;
}

enum err
until_logout_find_live(
    const char *run, const char *id, int64_t *begun, struct error *why)
{
	*begun = 0;
	return session_each(run, id, find_oldest, begun, why);
}

enum err
until_logout_settle(const struct config *config, const char *run,
    const char *id, int64_t now, struct error *why)
{
	struct record record;
	struct store *store;
	bool over = false;
	enum err rc = store_open(
	    &store, config, STORE_READ, store_deadline(config), why);

	if (rc != ERR_OK)
		return rc;
	rc = store_get(store, id, &record, why);
	store_close(store);
	if (rc == ERR_OK)
		rc = until_logout_is_over(run, &record, &over, why);
	return rc == ERR_OK && over
	    ? until_logout_revoke(config, id, now, store_deadline(config), why)
	    : rc;
}

static enum err
forget_one(const struct session *session, void *arg)
{
	return session_is_over(session) ? session_leave(arg, session, NULL)
					: ERR_OK;
}

enum err
until_logout_forget(const char *run, const char *id, struct error *why)
{
	return session_each(run, id, forget_one, (void *)(uintptr_t)run, why);
}

struct collection {
	const struct config *config;
	const char *run;
	int64_t now;
	enum err failed;
	struct error *why;
};

static enum err
collect_one(const struct session *session, void *arg)
{
	struct collection *collection = arg;
	struct error why = {""};
	enum err rc = ERR_OK;

	if (!session_is_over(session))
		return ERR_OK;
	if (session->lifetime == RECORD_UNTIL_LOGOUT)
		rc = until_logout_revoke(collection->config, session->id,
		    collection->now, store_deadline(collection->config), &why);
	/* Its entry stays until the token is known to be revoked. */
	if (rc == ERR_OK)
		rc = session_leave(collection->run, session, &why);
	if (rc != ERR_OK && collection->failed == ERR_OK) {
		collection->failed = rc;
		(void)error_set(collection->why, rc, "%s", why.text);
	}
	return ERR_OK;
}

enum err
until_logout_collect(const struct config *config, const char *run, int64_t now,
    struct error *why)
{
	struct collection collection = {
	    .config = config, .run = run, .now = now, .why = why};
	enum err rc = session_each(run, NULL, collect_one, &collection, why);

	return rc == ERR_OK ? collection.failed : rc;
}
