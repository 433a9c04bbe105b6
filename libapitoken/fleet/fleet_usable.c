#include "fleet/fleet_usable.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_host.h"
#include "fleet/fleet_store.h"

struct walk {
	const struct config *config;
	char host[PARSE_HOST_MAX + 1];
	int64_t now;
	fleet_usable_visitor *visitor;
	void *arg;
	struct fleet_record record;
	struct fleet_usable usable;
};

static bool
decode(struct walk *walk, const struct fleet_part *part)
{
	return part->len > 0 &&
	    fleet_record_decode(&walk->record, part->bytes, part->len) ==
	    ERR_OK;
}

/* By any issuer, as for a login. */
static bool
is_revoked(struct walk *walk, const struct fleet_entry *entry)
{
	for (size_t i = 0; i < entry->count; i++) {
		if (decode(walk, &entry->parts[i]) &&
		    walk->record.kind == FLEET_REVOKE)
			return true;
	}
	return false;
}

/* Whether one part, which is in walk->record by then, is such a token. */
static bool
is_usable(struct walk *walk, const struct fleet_part *part)
{
	return part->overlay.state == 0 && decode(walk, part) &&
	    walk->record.kind == FLEET_TOKEN &&
	    record_is_usable(&walk->record.token, walk->now) &&
	    fleet_host_is_meant(
		&walk->record, walk->host, walk->config->fleet.groups);
}

static enum err
visit(struct walk *walk, const char *id, const struct fleet_part *part)
{
	const struct fleet_overlay *overlay = &part->overlay;
	struct fleet_usable *usable = &walk->usable;

	*usable = (struct fleet_usable){.token = walk->record.token};
	strcpy(usable->name.id, id);
	strcpy(usable->name.issuer, part->issuer);
	strcpy(usable->token.id, id);
	/* As a login has it: the issuer's counts first. */
	usable->has_uid = walk->record.has_uid || overlay->has_uid;
	usable->is_bound = overlay->has_uid &&
	    (!walk->record.has_uid || walk->record.token.uid == overlay->uid);
	usable->is_local = usable->is_bound && overlay->is_local;
	if (!walk->record.has_uid && overlay->has_uid)
		usable->token.uid = overlay->uid;
	return walk->visitor(usable, walk->arg);
}

static enum err
look(
    const char id[TOKEN_ID_LEN + 1], const struct fleet_entry *entry, void *arg)
{
	struct walk *walk = arg;
	enum err rc = ERR_OK;

	if (entry->count > 1 && is_revoked(walk, entry))
		return ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < entry->count; i++) {
		if (is_usable(walk, &entry->parts[i]))
			rc = visit(walk, id, &entry->parts[i]);
	}
	return rc;
}

enum err
fleet_usable_each(const struct config *config, int64_t now, int64_t deadline,
    fleet_usable_visitor *visitor, void *arg, struct error *why)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	struct fleet_store *store = NULL;
	enum err rc;

	if (walk == NULL)
		return error_plain(why, ERR_NOMEM);
	walk->config = config;
	walk->now = now;
	walk->visitor = visitor;
	walk->arg = arg;
	fleet_host_name(config, walk->host);
	rc = fleet_store_open(&store, config, STORE_SCAN, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_store_each(store, look, walk, why);
	if (rc == ERR_NOMEM)
		(void)error_plain(why, rc);
	fleet_store_close(store);
	free(walk);
	return rc == ERR_MISSING ? ERR_OK : rc;
}
