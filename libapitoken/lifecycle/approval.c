#include "lifecycle/approval.h"

#include <string.h>

#include "lifecycle/rotation.h"

/* A session that is still live counts as the first one now. */
static enum err
go_on(struct record *record, int64_t begun, struct error *why)
{
	if (record->lifetime != RECORD_UNTIL_LOGOUT || begun == 0)
		return ERR_OK;
	record->begun = begun;
	return boot_read(record->boot, why);
}

/* Of who acts for himself: what others have ended stays so. */
static enum err
check_end(const struct approval *approval, const struct record_event *how,
    struct error *why)
{
	const struct record *record = &approval->record;

	if (approval->policy.self == NULL || record->state == RECORD_ACTIVE ||
	    (record->state == RECORD_REVOKED &&
		strcmp(record->ended.by, how->by) == 0))
		return ERR_OK;
	return error_about(why, "token", NULL,
	    error_set(why, ERR_POLICY,
		"%s: was not revoked by you; ask the administrator",
		record->id));
}

static enum err
approve_one(struct store *store, struct approval *approval,
    enum life_event event, const struct record_event *how,
    const struct service_group *groups, struct error *why)
{
	struct record *record = &approval->record;
	char id[TOKEN_ID_LEN + 1];
	enum err rc;

	strcpy(id, record->id);
	approval->changed = false;
	rc = store_get(store, id, record, why);
	if (rc != ERR_OK)
		return rc;
	if (how->at >= record->expires)
		return error_about(why, "token", "expired",
		    error_set(why, ERR_POLICY,
			"%s: expired, and that is final; rotate it, or issue a "
			"new one",
			id));
	rc = check_end(approval, how, why);
	if (rc != ERR_OK || !life_apply(record, event, how))
		return rc;
	rc = policy_check_limits(
	    &approval->policy, groups, record, how->at, why);
	if (rc == ERR_OK)
		rc = go_on(record, approval->begun, why);
	approval->changed = rc == ERR_OK;
	return rc == ERR_OK ? store_put(store, record, why) : rc;
}

/*
 * Another of them that would have the same name at the same time, and not only
 * until its successor is used; or NULL.
 */
static enum err
find_namesake(const struct record **found, struct store *store,
    const struct approval *approvals, size_t count, const struct record *record,
    int64_t now, struct error *why)
{
	enum err rc = ERR_OK;

	*found = NULL;
	for (size_t i = 0; rc == ERR_OK && *found == NULL && i < count; i++) {
		const struct record *other = &approvals[i].record;
		bool gave_way;

		if (!approvals[i].changed ||
		    strcmp(other->id, record->id) == 0 ||
		    strcmp(other->user, record->user) != 0 ||
		    strcmp(other->name, record->name) != 0)
			continue;
		rc = rotation_has_given_way(&gave_way, store, other, now, why);
		if (rc == ERR_OK && !gave_way)
			*found = other;
	}
	return rc;
}

/*
 * Whether there is room for it, now that all have their new state. One that has
 * given way to its successor takes no room and no name.
 */
static enum err
check_room(struct store *store, const struct approval *approvals, size_t count,
    const struct approval *approval, int64_t now, struct error *why)
{
	const struct record *record = &approval->record, *other;
	struct error trouble;
	bool gave_way;
	enum err rc = rotation_has_given_way(
	    &gave_way, store, record, now, why);

	if (rc != ERR_OK || gave_way)
		return rc;
	rc = policy_check_room(&approval->policy, store, record, now, why);
	if (rc != ERR_EXISTS ||
	    find_namesake(&other, store, approvals, count, record, now,
		&trouble) != ERR_OK ||
	    other == NULL)
		return rc;
	return error_about(why, "token", NULL,
	    error_set(why, rc,
		"%s and %s would both be named `%s`; approve one of them, by "
		"its id",
		record->id, other->id, record->name));
}

enum err
approval_run(struct store *store, struct approval *approvals, size_t count,
    enum life_event event, const struct record_event *how,
    const struct service_group *groups, struct error *why)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < count; i++)
		rc = approve_one(store, &approvals[i], event, how, groups, why);
	for (size_t i = 0; rc == ERR_OK && i < count; i++)
		if (approvals[i].changed)
			rc = check_room(store, approvals, count, &approvals[i],
			    how->at, why);
	return rc;
}
