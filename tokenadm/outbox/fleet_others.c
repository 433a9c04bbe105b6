#include "outbox/fleet_others.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_store.h"
#include "fleet/fleet_trust.h"
#include "store/store.h"

struct reading {
	struct fleet_others *others;
	const struct fleet_trusts *trusts;
	const char *own, *user;
	int64_t now;
	struct fleet_record record, other;
};

static struct fleet_other *
add(struct fleet_others *others)
{
	struct fleet_other *grown;

	/* Doubled at every power of two. */
	if ((others->count & (others->count - 1)) == 0) {
		grown = reallocarray(others->each,
		    others->count == 0 ? 1 : others->count * 2, sizeof(*grown));
		if (grown == NULL)
			return NULL;
		others->each = grown;
	}
	return &others->each[others->count++];
}

/* What another issuer's record of the same id says of the token. */
static void
take_other(struct reading *reading, struct fleet_other *token,
    const struct fleet_part *part)
{
	const struct fleet_record *other = &reading->other;

	if (part->len == 0 ||
	    fleet_record_decode(&reading->other, part->bytes, part->len) !=
		ERR_OK)
		return;
	if (other->kind == FLEET_TOKEN) {
		if (other->token.expires > token->until)
			token->until = other->token.expires;
		return;
	}
	token->token.state = RECORD_REVOKED;
	token->token.ended = other->token.ended;
	if (reading->own == NULL || strcmp(part->issuer, reading->own) != 0)
		return;
	token->is_revoked_here = true;
	token->ends_sessions = other->ends_sessions;
}

/* The state that counts here: a revocation's, or the host's own. */
static void
set_state(struct reading *reading, struct fleet_other *token,
    const struct fleet_entry *entry, const struct fleet_part *own)
{
	token->until = token->token.expires;
	if (own->overlay.state != 0) {
		token->token.state = own->overlay.state;
		token->token.ended = own->overlay.ended;
	}
	for (size_t i = 0; i < entry->count; i++)
		take_other(reading, token, &entry->parts[i]);
}

static enum err
take_part(struct reading *reading, const char *id,
    const struct fleet_entry *entry, const struct fleet_part *part)
{
	struct fleet_record *record = &reading->record;
	struct fleet_other *other;

	if (part->len == 0 ||
	    (reading->own != NULL && strcmp(part->issuer, reading->own) == 0) ||
	    fleet_trusts_find(reading->trusts, part->issuer, reading->now) ==
		NULL)
		return ERR_OK;
	if (fleet_record_decode(record, part->bytes, part->len) != ERR_OK)
		return ERR_NEWER;
	if (record->kind != FLEET_TOKEN ||
	    (reading->user != NULL &&
		strcmp(reading->user, record->token.user) != 0))
		return ERR_OK;
	other = add(reading->others);
	if (other == NULL)
		return ERR_NOMEM;
	*other = (struct fleet_other){.token = record->token};
	strcpy(other->issuer, part->issuer);
	strcpy(other->token.id, id);
	strcpy(other->token.created.by, part->issuer);
	strcpy(other->hosts, record->hosts);
	strcpy(other->groups, record->groups);
	if (!record->has_uid)
		other->token.uid = part->overlay.has_uid ? part->overlay.uid
							 : (uid_t)-1;
	set_state(reading, other, entry, part);
	return ERR_OK;
}

static enum err
take_entry(
    const char id[TOKEN_ID_LEN + 1], const struct fleet_entry *entry, void *arg)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < entry->count; i++)
		rc = take_part(arg, id, entry, &entry->parts[i]);
	return rc;
}

static int
compare(const void *a, const void *b)
{
	const struct record *one = &((const struct fleet_other *)a)->token;
	const struct record *two = &((const struct fleet_other *)b)->token;
	int order = strcmp(one->user, two->user);

	if (order == 0)
		order = strcmp(one->name, two->name);
	return order != 0 ? order : strcmp(one->id, two->id);
}

static enum err
look_up(struct reading *reading, struct fleet_store *store, const char *id,
    struct error *why)
{
	struct fleet_entry entry;
	enum err rc = fleet_store_get(store, id, &entry, why);

	if (rc == ERR_OK)
		rc = take_entry(id, &entry, reading);
	fleet_entry_free(&entry);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* id: NULL for all. */
static enum err
read_store(struct reading *reading, const struct config *config, const char *id,
    struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(&store, config,
	    id == NULL ? STORE_SCAN : STORE_READ, store_deadline(config), why);

	/* Nothing was ever applied. */
	if (rc == ERR_MISSING)
		return ERR_OK;
	if (rc == ERR_OK) {
		rc = id == NULL
		    ? fleet_store_each(store, take_entry, reading, why)
		    : look_up(reading, store, id, why);
		if (rc == ERR_NOMEM || rc == ERR_NEWER)
			rc = error_plain(why, rc);
	}
	fleet_store_close(store);
	return rc;
}

static enum err
read_all(const struct reading *wanted, const struct config *config,
    const char *id, struct error *why)
{
	struct reading *reading = malloc(sizeof(*reading));
	struct fleet_others *others = wanted->others;
	struct fleet_trusts trusts = {0};
	enum err rc;

	*others = (struct fleet_others){0};
	if (reading == NULL)
		return error_plain(why, ERR_NOMEM);
	*reading = *wanted;
	reading->trusts = &trusts;
	rc = fleet_trusts_read(&trusts, config->fleet.issuers, why);
	if (rc == ERR_OK)
		rc = read_store(reading, config, id, why);
	if (others->count > 1)
		qsort(others->each, others->count, sizeof(*others->each),
		    compare);
	fleet_trusts_free(&trusts);
	free(reading);
	return rc;
}

enum err
fleet_others_read(struct fleet_others *others, const struct config *config,
    const char *own, const char *user, int64_t now, struct error *why)
{
	struct reading wanted = {
	    .others = others, .own = own, .user = user, .now = now};

	return read_all(&wanted, config, NULL, why);
}

enum err
fleet_others_read_id(struct fleet_others *others, const struct config *config,
    const char *own, const char id[TOKEN_ID_LEN + 1], int64_t now,
    struct error *why)
{
	struct reading wanted = {.others = others, .own = own, .now = now};

	return read_all(&wanted, config, id, why);
}

void
fleet_others_free(struct fleet_others *others)
{
	free(others->each);
	*others = (struct fleet_others){0};
}

bool
fleet_other_is_called(const struct fleet_other *other, const char *called)
{
	char full[RECORD_USER_MAX + PARSE_NAME_MAX + 2];

	(void)snprintf(
	    full, sizeof(full), "%s/%s", other->token.user, other->token.name);
	return strcmp(called, other->token.id) == 0 ||
	    strcmp(called, full) == 0;
}
