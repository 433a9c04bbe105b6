#include "lifecycle/rotation.h"

#include <stdio.h>
#include <string.h>

#include "lifecycle/life_table.h"
#include "store/logos.h"

/* By whom a replaced token was revoked. */
#define BY "rotation"

/* Finds the token to replace: if it is an unused successor, its predecessor. */
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

bool
rotation_can_renew(const struct record *record, int64_t now)
{
	return now >= record->expires && record->state == RECORD_ACTIVE &&
	    record->lifetime == RECORD_LASTING;
}

/*
 * One of the two has to be able to log in, or both have merely expired;
 * otherwise somebody has taken them from the user.
 */
static enum err
check_usable(const struct rotation *rotation, int64_t now, bool *renews,
    struct error *why)
{
	const struct record *old = &rotation->predecessor,
			    *unused = &rotation->replaced;
	bool has_two = rotation->has_replaced;

	*renews = rotation_can_renew(old, now) &&
	    (!has_two || rotation_can_renew(unused, now));
	if (*renews || record_is_usable(old, now) ||
	    (has_two && record_is_usable(unused, now)))
		return ERR_OK;
	return error_about(why, "token", NULL,
	    error_set(why, ERR_POLICY,
		"%s: cannot log in any more, so there is nothing to rotate; "
		"issue a new token",
		old->id));
}

/* Finds a successor that nobody has logged in with. */
static enum err
find_unused(struct rotation *rotation, struct store *store, struct error *why)
{
	const char *id = rotation->predecessor.successor;
	enum err rc;

	if (id[0] == '\0')
		return ERR_OK;
	rc = store_get(store, id, &rotation->replaced, why);
	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	/* A used successor no longer replaces anything. */
	if (rc != ERR_OK ||
	    strcmp(rotation->replaced.predecessor, rotation->predecessor.id) !=
		0)
		return rc;
	rotation->has_replaced = true;
	return ERR_OK;
}

/* When a token begins to live that was made, or last changed, at this time. */
static int64_t
begin_of(const struct record *record, int64_t at)
{
	return record_has_started(record, at) ? at : record->starts;
}

static void
fill_successor(struct rotation *rotation, const struct record *model,
    int64_t life, int64_t longest, const struct record_event *event)
{
	int64_t latest = time_add(event->at, longest);
	struct record *made = &rotation->successor;

	*made = *model;
	made->state = RECORD_ACTIVE;
	made->is_replaced = false;
	made->created = *event;
	made->ended = (struct record_event){0};
	made->approved = (struct record_event){0};
	made->changed = (struct record_event){0};
	made->expires = time_add(begin_of(made, event->at), life);
	if (made->expires > latest)
		made->expires = latest;
	made->successor[0] = '\0';
	made->ticket[0] = '\0';
	made->begun = 0;
	made->boot[0] = '\0';
	made->uncut = 0;
	strcpy(made->predecessor, rotation->predecessor.id);
}

/* How long a token was meant to live, in seconds, or TIME_NEVER. */
static int64_t
life_of(const struct record *record)
{
	int64_t expires = record->uncut != 0 ? record->uncut : record->expires;

	return expires == TIME_NEVER
	    ? TIME_NEVER
	    : expires - begin_of(record, record->created.at);
}

void
rotation_set_life(struct record *record, int64_t now)
{
	record->uncut = record->expires == TIME_NEVER
	    ? TIME_NEVER
	    : time_add(begin_of(record, record->created.at),
		  record->expires - begin_of(record, now));
}

/* Cuts the predecessor's life to the end of the overlap; never prolongs it. */
static void
cut(struct record *old, int64_t end)
{
	if (end >= old->expires)
		return;
	if (old->uncut == 0)
		old->uncut = old->expires;
	old->expires = end;
}

/* Stores the successor, which takes the logo over from its model. */
static enum err
add_successor(struct rotation *rotation, struct store *store, struct error *why)
{
	struct record gone = rotation->replaced;
	enum err rc = logos_move(store,
	    rotation->has_replaced ? &gone : &rotation->cut,
	    &rotation->successor, why);

	if (rc == ERR_OK)
		rc = store_add(store, &rotation->successor, why);
	return rc == ERR_OK && rotation->has_replaced
	    ? store_remove(store, &gone, why)
	    : rc;
}

enum err
rotation_start(struct rotation *rotation, struct store *store, const char *id,
    const struct rotation_times *times, const struct record_event *event,
    char text[TOKEN_LEN + 1], struct error *why)
{
	const struct record *model = &rotation->predecessor;
	bool renews;
	int64_t life;
	enum err rc;

	*rotation = (struct rotation){.has_replaced = false};
	rc = find_predecessor(rotation, store, id, why);
	if (rc == ERR_OK)
		rc = find_unused(rotation, store, why);
	if (rc == ERR_OK)
		rc = check_usable(rotation, event->at, &renews, why);
	if (rc != ERR_OK)
		return rc;
	if (rotation->has_replaced)
		model = &rotation->replaced;
	life = renews ? times->renewed : life_of(model);
	fill_successor(rotation, model, life, times->longest, event);
	rotation->cut = rotation->predecessor;
	rc = store_draw_token(store, &rotation->successor, text, why);
	if (rc == ERR_OK)
		rc = add_successor(rotation, store, why);
	if (rc != ERR_OK)
		return rc;
	strcpy(rotation->cut.successor, rotation->successor.id);
	cut(&rotation->cut, time_add(event->at, times->overlap));
	return store_put(store, &rotation->cut, why);
}

/*
 * The replaced successor, with its own id and secret again. An edit, revocation
 * or deactivation of its heir applies to it as well.
 */
static struct record
restore_replaced(const struct rotation *rotation, const struct record *heir)
{
	const struct record *replaced = &rotation->replaced;
	struct record back = *replaced;

	if (heir->changed.at != 0) {
		back = *heir;
		strcpy(back.id, replaced->id);
		memcpy(back.digest, replaced->digest, sizeof(back.digest));
		back.created = replaced->created;
		back.uncut = heir->uncut == 0
		    ? replaced->uncut
		    : time_add(begin_of(&back, back.created.at), life_of(heir));
		back.state = replaced->state;
		back.ended = replaced->ended;
		back.approved = replaced->approved;
		/* Expiry is final, as it would have been for that edit. */
		if (heir->expires == rotation->successor.expires ||
		    heir->changed.at >= replaced->expires)
			back.expires = replaced->expires;
	}
	if (heir->state == RECORD_REVOKED)
		(void)life_apply(&back, LIFE_REVOKE, &heir->ended);
	if (heir->state == RECORD_DEACTIVATED)
		(void)life_apply(&back, LIFE_DISABLE, &heir->ended);
	return back;
}

/*
 * Gives the predecessor back what rotation_start took, nothing more; the logo
 * goes where it came from.
 */
static enum err
undo_predecessor(const struct rotation *rotation, struct store *store,
    struct record *heir, struct error *why)
{
	const struct record *before = &rotation->predecessor,
			    *cut = &rotation->cut;
	struct record old;
	enum err rc = store_get(store, before->id, &old, why);

	if (rc != ERR_OK || strcmp(old.successor, heir->id) != 0)
		return rc == ERR_NOT_FOUND ? ERR_OK : rc;
	old.successor[0] = '\0';
	if (old.expires == cut->expires && old.uncut == cut->uncut) {
		old.expires = before->expires;
		old.uncut = before->uncut;
	}
	if (rotation->has_replaced) {
		struct record back = restore_replaced(rotation, heir);

		strcpy(old.successor, back.id);
		rc = logos_move(store, heir, &back, why);
		if (rc == ERR_OK)
			rc = store_add(store, &back, why);
	} else if (old.logo == PICTURE_NONE) {
		rc = logos_move(store, heir, &old, why);
	}
	return rc == ERR_OK ? store_put(store, &old, why) : rc;
}

enum err
rotation_undo(
    const struct rotation *rotation, struct store *store, struct error *why)
{
	struct record made;
	enum err rc = store_get(store, rotation->successor.id, &made, why);

	if (rc == ERR_NOT_FOUND)
		return ERR_OK; /* somebody has deleted it */
	if (rc == ERR_OK)
		rc = undo_predecessor(rotation, store, &made, why);
	return rc == ERR_OK ? store_remove(store, &made, why) : rc;
}

enum err
rotation_end(struct store *store, struct record *successor, int64_t now,
    struct error *why)
{
	struct record_event event = {.at = now, .by = BY};
	struct record old;
	enum err rc;

	if (successor->predecessor[0] == '\0')
		return ERR_OK;
	(void)snprintf(event.reason, sizeof(event.reason), "replaced by %s",
	    successor->id);
	rc = store_get(store, successor->predecessor, &old, why);
	successor->predecessor[0] = '\0';
	/* Gone, or damaged: it lets nobody in. */
	if (rc == ERR_NOT_FOUND || rc == ERR_DAMAGED)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	old.successor[0] = '\0';
	(void)life_apply(&old, LIFE_REPLACE, &event);
	return store_put(store, &old, why);
}

/* Revokes the predecessor and makes the successor an ordinary token. */
static enum err
finish(struct store *store, const char *id, int64_t now, struct error *why)
{
	struct record record;
	enum err rc = store_get(store, id, &record, why);

	if (rc != ERR_OK || record.predecessor[0] == '\0')
		return rc;
	rc = rotation_end(store, &record, now, why);
	return rc == ERR_OK ? store_put(store, &record, why) : rc;
}

enum err
rotation_finish(const struct config *config, const char *id, int64_t now,
    int64_t deadline, struct error *why)
{
	struct store *store;
	enum err rc = store_open(&store, config, STORE_WRITE, deadline, why);

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

	if (record->predecessor[0] != '\0')
		rc = store_get(store, record->predecessor, &other, why);
	else if (record->successor[0] != '\0')
		rc = store_get(store, record->successor, &other, why);
	if (rc != ERR_OK)
		return rc == ERR_NOT_FOUND ? ERR_OK : rc;
	if (strcmp(other.successor, record->id) == 0)
		other.successor[0] = '\0';
	else if (strcmp(other.predecessor, record->id) == 0)
		other.predecessor[0] = '\0';
	return store_put(store, &other, why);
}

bool
rotation_gives_way_to(
    const struct record *record, const struct record *successor, int64_t now)
{
	return record_is_usable(successor, now) &&
	    strcmp(successor->predecessor, record->id) == 0;
}

enum err
rotation_find_successor(struct record *successor, struct store *store,
    const struct record *record, struct error *why)
{
	enum err rc = ERR_NOT_FOUND;

	if (record->successor[0] != '\0')
		rc = store_get(store, record->successor, successor, why);
	return rc == ERR_DAMAGED || rc == ERR_NEWER ? ERR_NOT_FOUND : rc;
}

enum err
rotation_has_given_way(bool *gave_way, struct store *store,
    const struct record *record, int64_t now, struct error *why)
{
	struct record other;
	enum err rc = rotation_find_successor(&other, store, record, why);

	*gave_way = rc == ERR_OK && rotation_gives_way_to(record, &other, now);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}
