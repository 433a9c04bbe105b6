#include "rotation.h"

#include <stdio.h>
#include <string.h>

#include "lock.h"

/* now and a span, either of which may be TIME_NEVER. */
static int64_t
later(int64_t now, int64_t span)
{
	int64_t when;

	return __builtin_add_overflow(now, span, &when) ? TIME_NEVER : when;
}

/* The token to replace: not an unused successor, but what it replaces. */
static enum err
find_predecessor(struct rotation *rotation, struct store *store, const char *id,
    struct error *why)
{
	struct record *found = &rotation->predecessor;
	enum err rc = store_get(store, id, found, why);

	if (rc == ERR_OK && found->predecessor[0] != '\0') {
		struct record other;

		rc = store_get(store, found->predecessor, &other, why);
		if (rc == ERR_OK)
			*found = other;
		else if (rc == ERR_NOT_FOUND)
			rc = ERR_OK; /* deleted: it stands for itself */
	}
	return rc;
}

/* Either of the two has to be able to log in, or the user has lost both. */
static enum err
check_usable(const struct rotation *rotation, int64_t now, struct error *why)
{
	if (record_is_usable(&rotation->predecessor, now) ||
	    (rotation->has_replaced &&
		record_is_usable(&rotation->replaced, now)))
		return ERR_OK;
	return error_set(why, ERR_POLICY,
	    "%s: cannot log in any more, so there is nothing to rotate; issue "
	    "a new token",
	    rotation->predecessor.id);
}

/* Removes a successor that nobody has logged in with. */
static enum err
remove_unused(struct rotation *rotation, struct store *store, struct error *why)
{
	const char *id = rotation->predecessor.successor;
	enum err rc;

	if (id[0] == '\0')
		return ERR_OK;
	rc = store_get(store, id, &rotation->replaced, why);
	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	rotation->has_replaced = true;
	return store_remove(store, &rotation->replaced, why);
}

static void
fill_successor(struct rotation *rotation, const struct record *model,
    int64_t life, const struct record_event *event)
{
	struct record *made = &rotation->successor;

	*made = *model;
	made->state = RECORD_ACTIVE;
	made->created = *event;
	made->ended = (struct record_event){0};
	made->approved = (struct record_event){0};
	made->changed = (struct record_event){0};
	made->expires = later(event->at, life);
	made->successor[0] = '\0';
	strcpy(made->predecessor, rotation->predecessor.id);
}

/* Lets the predecessor go on until the end of the overlap, at the longest. */
static enum err
limit_predecessor(const struct rotation *rotation, struct store *store,
    int64_t life, int64_t now, int64_t end, struct error *why)
{
	struct record old = rotation->predecessor;
	int64_t meant = later(old.created.at, life);

	strcpy(old.successor, rotation->successor.id);
	/* What an earlier overlap has ended does not come back. */
	if (now < old.expires)
		old.expires = meant < end ? meant : end;
	return store_put(store, &old, why);
}

enum err
rotation_start(struct rotation *rotation, struct store *store, const char *id,
    int64_t overlap, const struct record_event *event, char text[TOKEN_LEN + 1],
    struct error *why)
{
	const struct record *model = &rotation->predecessor;
	int64_t life;
	enum err rc;

	*rotation = (struct rotation){.has_replaced = false};
	rc = find_predecessor(rotation, store, id, why);
	if (rc == ERR_OK)
		rc = remove_unused(rotation, store, why);
	if (rc == ERR_OK)
		rc = check_usable(rotation, event->at, why);
	if (rc != ERR_OK)
		return rc;
	if (rotation->has_replaced)
		model = &rotation->replaced;
	life = model->expires == TIME_NEVER
	    ? TIME_NEVER
	    : model->expires - model->created.at;
	fill_successor(rotation, model, life, event);
	token_make(text, rotation->successor.id);
	store_digest(store, text, rotation->successor.digest);
	rc = store_add(store, &rotation->successor, why);
	if (rc != ERR_OK)
		return rc;
	return limit_predecessor(
	    rotation, store, life, event->at, later(event->at, overlap), why);
}

enum err
rotation_undo(
    const struct rotation *rotation, struct store *store, struct error *why)
{
	enum err rc = store_remove(store, &rotation->successor, why);

	if (rc == ERR_OK)
		rc = store_put(store, &rotation->predecessor, why);
	if (rc == ERR_OK && rotation->has_replaced)
		rc = store_add(store, &rotation->replaced, why);
	return rc;
}

/* Revokes a predecessor, unless it has ended by other means. */
static void
end(struct record *old, const char *successor, int64_t now)
{
	if (old->state != RECORD_ACTIVE)
		return;
	old->state = RECORD_REVOKED;
	old->ended = (struct record_event){.at = now, .by = "rotation"};
	(void)snprintf(old->ended.reason, sizeof(old->ended.reason),
	    "replaced by %s", successor);
}

/* Revokes the predecessor and makes the successor an ordinary token. */
static enum err
finish(struct store *store, const char *id, int64_t now, struct error *why)
{
	struct record record, old;
	enum err rc = store_get(store, id, &record, why);

	if (rc != ERR_OK || record.predecessor[0] == '\0')
		return rc;
	rc = store_get(store, record.predecessor, &old, why);
	if (rc == ERR_OK) {
		/* Whatever its state: once approved, it counts again. */
		old.successor[0] = '\0';
		end(&old, id, now);
		rc = store_put(store, &old, why);
	}
	if (rc != ERR_OK && rc != ERR_NOT_FOUND)
		return rc;
	record.predecessor[0] = '\0';
	return store_put(store, &record, why);
}

enum err
rotation_finish(
    const struct config *config, const char *id, int64_t now, struct error *why)
{
	struct store *store;
	enum err rc = store_open(
	    &store, config, STORE_WRITE, lock_deadline(0), why);

	if (rc != ERR_OK)
		return rc;
	rc = finish(store, id, now, why);
	if (rc == ERR_OK)
		rc = store_commit(store, why);
	store_close(store);
	return rc;
}

enum err
rotation_forget(
    struct store *store, const struct record *record, struct error *why)
{
	struct record other;
	enum err rc = ERR_NOT_FOUND;

	if (record->predecessor[0] != '\0') {
		rc = store_get(store, record->predecessor, &other, why);
		other.successor[0] = '\0';
	} else if (record->successor[0] != '\0') {
		rc = store_get(store, record->successor, &other, why);
		other.predecessor[0] = '\0';
	}
	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	return rc == ERR_OK ? store_put(store, &other, why) : rc;
}
