#include "fleet/fleet_overlay.h"

#include "fleet/fleet_store.h"

/* Binds it; once bound, only where that account is listed may change. */
static bool
bind_to(struct fleet_overlay *overlay, const struct fleet_overlay *wanted)
{
	if (overlay->has_uid &&
	    (overlay->uid != wanted->uid ||
		overlay->is_local == wanted->is_local))
		return false;
	overlay->has_uid = true;
	overlay->uid = wanted->uid;
	overlay->is_local = wanted->is_local;
	return true;
}

/* Sets what is wanted, unless it is set; no state takes one back. */
static void
amend(struct fleet_overlay *overlay, const struct fleet_overlay *wanted,
    bool *is_new)
{
	if (wanted->has_uid) {
		*is_new = bind_to(overlay, wanted);
		return;
	}
	*is_new = wanted->state == 0 ? overlay->state != 0
				     : overlay->state == 0;
	if (!*is_new)
		return;
	if (wanted->state == 0) {
		fleet_overlay_clear(overlay);
	} else {
		overlay->state = wanted->state;
		overlay->ended = wanted->ended;
	}
}

static enum err
change(struct fleet_store *store, const struct fleet_name *name,
    const struct fleet_overlay *wanted, bool *is_new, struct error *why)
{
	struct fleet_entry entry;
	struct fleet_part *part;
	enum err rc = fleet_store_get(store, name->id, &entry, why);

	if (rc != ERR_OK)
		return rc;
	part = fleet_entry_find(&entry, name->issuer);
	if (part == NULL)
		rc = error_set(why, ERR_NOT_FOUND,
		    "%s: nothing is known of it from issuer %s", name->id,
		    name->issuer);
	else
		amend(&part->overlay, wanted, is_new);
	if (rc == ERR_OK && *is_new)
		rc = fleet_store_put(store, name->id, &entry, why);
	if (rc == ERR_OK && *is_new)
		rc = fleet_store_commit(store, why);
	fleet_entry_free(&entry);
	return rc;
}

static enum err
run(const struct config *config, const struct fleet_name *name,
    const struct fleet_overlay *wanted, bool *is_new, int64_t deadline,
    struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, config, STORE_WRITE, deadline, why);

	*is_new = false;
	if (rc == ERR_OK)
		rc = change(store, name, wanted, is_new, why);
	fleet_store_close(store);
	return rc;
}

enum err
fleet_overlay_bind(const struct config *config, const struct fleet_name *name,
    uid_t uid, bool is_local, int64_t deadline, struct error *why)
{
	const struct fleet_overlay wanted = {
	    .has_uid = true, .uid = uid, .is_local = is_local};
	bool is_new;

	return run(config, name, &wanted, &is_new, deadline, why);
}

enum err
fleet_overlay_end(const struct config *config, const struct fleet_name *name,
    enum record_state state, const struct record_event *event, bool *is_new,
    int64_t deadline, struct error *why)
{
	const struct fleet_overlay wanted = {.state = state, .ended = *event};

	return run(config, name, &wanted, is_new, deadline, why);
}

enum err
fleet_overlay_approve(const struct config *config,
    const struct fleet_name *name, bool *is_new, int64_t deadline,
    struct error *why)
{
	const struct fleet_overlay wanted = {.state = 0};

	return run(config, name, &wanted, is_new, deadline, why);
}
