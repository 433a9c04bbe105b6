#include "fleet/fleet_change_impl.h"

#include <stdlib.h>
#include <string.h>

int64_t
fleet_valid_until(const struct config *config, int64_t now)
{
	return config->fleet.valid_for == TIME_NEVER
	    ? TIME_NEVER
	    : time_add(now, config->fleet.valid_for);
}

/* The element of an id, which is made if it is not there; NULL: no memory. */
static struct fleet_changed *
note(struct fleet_change *change, const char id[TOKEN_ID_LEN + 1])
{
	struct fleet_changed *grown = change->changed;
	size_t i = change->count;

	while (i > 0 && strcmp(grown[i - 1].id, id) > 0)
		i--;
	if (i > 0 && strcmp(grown[i - 1].id, id) == 0)
		return &grown[i - 1];
	grown = reallocarray(grown, change->count + 1, sizeof(*grown));
	if (grown == NULL)
		return NULL;
	change->changed = grown;
	memmove(&grown[i + 1], &grown[i], (change->count - i) * sizeof(*grown));
	change->count++;
	grown[i] = (struct fleet_changed){0};
	memcpy(grown[i].id, id, sizeof(grown[i].id));
	return &grown[i];
}

static enum err
note_changed(const char id[TOKEN_ID_LEN + 1], void *arg)
{
	return note(arg, id) != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err
note_drawn(
    const char id[TOKEN_ID_LEN + 1], const char text[TOKEN_LEN + 1], void *arg)
{
	struct fleet_change *change = arg;
	struct fleet_changed *one = note(change, id);

	if (one == NULL)
		return ERR_NOMEM;
	one->is_drawn = true;
	crypto_plain_hash(one->hash, text, strlen(text));
	return ERR_OK;
}

enum err
fleet_change_begin(struct fleet_change **change, struct store *store,
    const struct config *config, const struct fleet_key *key, int64_t now,
    struct error *why)
{
	struct fleet_change *fresh = calloc(1, sizeof(*fresh));

	*change = fresh;
	if (fresh == NULL)
		return error_plain(why, ERR_NOMEM);
	fresh->store = store;
	fresh->config = config;
	fresh->key = key;
	fresh->now = now;
	fresh->watch = (struct store_watch){note_changed, note_drawn, fresh};
	store_set_watch(store, &fresh->watch);
	return ERR_OK;
}

void
fleet_change_free(struct fleet_change *change)
{
	if (change == NULL)
		return;
	store_set_watch(change->store, NULL);
	for (size_t i = 0; i < change->count; i++) {
		free(change->changed[i].revocation);
		free(change->changed[i].hosts);
	}
	free(change->changed);
	fleet_hashes_free(&change->hashes);
	free(change);
}

void
fleet_change_set_default(
    struct fleet_change *change, const struct fleet_hosts *hosts)
{
	change->hosts = *hosts;
}

enum err
fleet_change_set_hosts(struct fleet_change *change,
    const char id[TOKEN_ID_LEN + 1], const struct fleet_hosts *hosts,
    struct error *why)
{
	struct fleet_changed *one = note(change, id);

	if (one != NULL && one->hosts == NULL)
		one->hosts = malloc(sizeof(*one->hosts));
	if (one == NULL || one->hosts == NULL)
		return error_plain(why, ERR_NOMEM);
	*one->hosts = *hosts;
	return ERR_OK;
}

enum err
fleet_change_revoke(struct fleet_change *change,
    const char id[TOKEN_ID_LEN + 1], const struct fleet_revocation *revocation,
    struct error *why)
{
	struct fleet_changed *one = note(change, id);

	if (one == NULL)
		return error_plain(why, ERR_NOMEM);
	one->is_foreign = true;
	if (revocation == NULL)
		return ERR_OK;
	if (one->revocation == NULL)
		one->revocation = malloc(sizeof(*one->revocation));
	if (one->revocation == NULL)
		return error_plain(why, ERR_NOMEM);
	*one->revocation = *revocation;
	return ERR_OK;
}

enum err
fleet_change_end_sessions(struct fleet_change *change,
    const char id[TOKEN_ID_LEN + 1], struct error *why)
{
	struct fleet_changed *one = note(change, id);

	if (one == NULL)
		return error_plain(why, ERR_NOMEM);
	one->ends_sessions = true;
	return ERR_OK;
}

void
fleet_change_adopt(struct fleet_change *change)
{
	change->adopts = change->renews = true;
}

void
fleet_change_renew(struct fleet_change *change)
{
	change->renews = true;
}

/* Sets who may use it where: of a new token as drawn, or its predecessor's. */
static enum err
set_place(struct fleet_change *change, const struct fleet_changed *one,
    const struct record *token, struct fleet_record *record, struct error *why)
{
	struct fleet_record *before = calloc(1, sizeof(*before));
	const struct fleet_hosts *hosts = one->hosts;
	enum err rc = ERR_NOT_FOUND;

	if (before == NULL)
		return error_plain(why, ERR_NOMEM);
	if (!one->is_drawn || token->predecessor[0] != '\0')
		rc = fleet_issued_get(change->store,
		    one->is_drawn ? token->predecessor : one->id, before, why);
	memcpy(record->token.digest,
	    one->is_drawn ? one->hash : before->token.digest, CRYPTO_HASH_LEN);
	if (hosts == NULL && rc == ERR_NOT_FOUND)
		hosts = &change->hosts;
	if (hosts != NULL) {
		strcpy(record->hosts, hosts->hosts);
		strcpy(record->groups, hosts->groups);
	} else {
		strcpy(record->hosts, before->hosts);
		strcpy(record->groups, before->groups);
	}
	record->ends_sessions = token->state == RECORD_REVOKED &&
	    (one->ends_sessions || (before->ends_sessions && !one->is_drawn));
	free(before);
	/* Without a published record its text's hash is not known. */
	if (rc == ERR_NOT_FOUND && !one->is_drawn)
		return error_set(why, ERR_DAMAGED,
		    "%s: what the fleet has of it is lost; delete it", one->id);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* What is published of a token: what other machines have to know. */
static enum err
make_record(struct fleet_change *change, const struct fleet_changed *one,
    const struct record *token, struct fleet_record *record, struct error *why)
{
	struct record *out = &record->token;

	record->kind = FLEET_TOKEN;
	out->state = token->state;
	strcpy(out->user, token->user);
	strcpy(out->name, token->name);
	strcpy(out->services, token->services);
	strcpy(out->scopes, token->scopes);
	memcpy(out->from, token->from, sizeof(out->from));
	out->from_count = token->from_count;
	out->starts = token->starts;
	out->expires = token->expires;
	out->created.at = token->created.at;
	if (token->state != RECORD_ACTIVE)
		out->ended = token->ended;
	return set_place(change, one, token, record, why);
}

/* What is published of another issuer's token. */
static void
make_revocation(
    const struct fleet_revocation *revocation, struct fleet_record *record)
{
	record->kind = FLEET_REVOKE;
	record->token.ended = revocation->ended;
	record->token.expires = revocation->expires;
	record->ends_sessions = revocation->ends_sessions;
}

enum err
fleet_change_encode(struct fleet_change *change,
    const struct fleet_changed *one, uint8_t bytes[FLEET_RECORD_MAX],
    size_t *len, struct error *why)
{
	struct fleet_record *record = calloc(1, sizeof(*record));
	struct record token;
	enum err rc = ERR_OK;

	*len = 0;
	if (record == NULL)
		return error_plain(why, ERR_NOMEM);
	if (one->is_foreign) {
		if (one->revocation == NULL)
			goto out;
		make_revocation(one->revocation, record);
	} else {
		rc = store_get(change->store, one->id, &token, why);
		if (rc == ERR_OK)
			rc = make_record(change, one, &token, record, why);
	}
	if (rc == ERR_OK && fleet_record_encode(record, bytes, len) != ERR_OK)
		rc = error_set(why, ERR_INVALID,
		    "%s: does not fit into a record of a fleet: at most %d "
		    "hosts and %d groups, and times before the year 10000",
		    one->id, FLEET_HOSTS_MAX, FLEET_HOSTS_MAX);
out:
	free(record);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}
