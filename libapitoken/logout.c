#include "logout.h"

#include "session.h"
#include "store.h"

static enum err
revoke(struct store *store, const char *id, int64_t now, struct error *why)
{
	struct record record;
	enum err rc = store_get(store, id, &record, why);

	if (rc != ERR_OK)
		return rc == ERR_NOT_FOUND ? ERR_OK : rc;
	if (record.lifetime != RECORD_UNTIL_LOGOUT ||
	    !record_is_usable(&record, now))
		return ERR_OK;
	record.state = RECORD_REVOKED;
	record.ended = (struct record_event){
	    .at = now,
	    .by = "pam_apitoken",
	    .reason = "logged out",
	};
	rc = store_put(store, &record, why);
	return rc == ERR_OK ? store_commit(store, why) : rc;
}

enum err
logout_revoke(const struct config *config, const char *id, int64_t now,
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

static enum err
note_end(const struct session *session, void *arg)
{
	bool *happened = arg;

	*happened = *happened || session_is_over(session);
	return ERR_OK;
}

enum err
logout_has_happened(
    const char *run, const char *id, bool *happened, struct error *why)
{
	*happened = false;
	return session_each(run, id, note_end, happened, why);
}

static enum err
forget_one(const struct session *session, void *arg)
{
	return session_is_over(session) ? session_leave(arg, session, NULL)
					: ERR_OK;
}

enum err
logout_forget(const char *run, const char *id, struct error *why)
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
		rc = logout_revoke(collection->config, session->id,
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
logout_collect(const struct config *config, const char *run, int64_t now,
    struct error *why)
{
	struct collection collection = {
	    .config = config, .run = run, .now = now, .why = why};
	enum err rc = session_each(run, NULL, collect_one, &collection, why);

	return rc == ERR_OK ? collection.failed : rc;
}
