#include "fleet/agent_fold.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_retain.h"
#include "fleet/fleet_store.h"
#include "lifecycle/life_table.h"

struct finding {
	struct folds *folds;
	const char *own;
	int64_t now;
	bool knows_all; /* of every trusted issuer something is applied */
	struct fleet_record mine, other;
};

static enum err
add(struct folds *folds, const char *id, const struct record_event *ended,
    const char *issuer)
{
	struct fold *grown = reallocarray(
	    folds->each, folds->count + 1, sizeof(*grown));

	if (grown == NULL)
		return ERR_NOMEM;
	folds->each = grown;
	grown += folds->count++;
	*grown = (struct fold){.ended = {.at = 0}};
	strcpy(grown->id, id);
	if (ended == NULL)
		return ERR_OK;
	grown->ended = fleet_revoked_by(issuer, ended);
	return ERR_OK;
}

/* Reads what another issuer says; false if that is nothing. */
static bool
read_other(struct finding *finding, const struct fleet_part *part)
{
	return part->len > 0 && strcmp(part->issuer, finding->own) != 0 &&
	    fleet_record_decode(&finding->other, part->bytes, part->len) ==
	    ERR_OK;
}

/* Of an own token: a revocation by another, if it is not revoked yet. */
static enum err
look_at_token(
    struct finding *finding, const char *id, const struct fleet_entry *entry)
{
	if (finding->mine.token.state == RECORD_REVOKED)
		return ERR_OK;
	for (size_t i = 0; i < entry->count; i++) {
		if (read_other(finding, &entry->parts[i]) &&
		    finding->other.kind == FLEET_REVOKE)
			return add(finding->folds, id,
			    &finding->other.token.ended,
			    entry->parts[i].issuer);
	}
	return ERR_OK;
}

/*
 * Of an own revocation: whether it can go. Anybody can copy an id into a token
 * of his own and call that revoked: all tokens of the id have to be dead.
 */
static enum err
look_at_revocation(
    struct finding *finding, const char *id, const struct fleet_entry *entry)
{
	const struct record *token = &finding->other.token;
	bool has_token = false;

	for (size_t i = 0; i < entry->count; i++) {
		if (!read_other(finding, &entry->parts[i]) ||
		    finding->other.kind != FLEET_TOKEN)
			continue;
		has_token = true;
		if (token->state != RECORD_REVOKED &&
		    !fleet_is_long_expired(token->expires, finding->now))
			return ERR_OK;
	}
	if ((has_token && finding->knows_all) ||
	    fleet_is_long_expired(finding->mine.token.expires, finding->now))
		return add(finding->folds, id, NULL, NULL);
	return ERR_OK;
}

static enum err
look(
    const char id[TOKEN_ID_LEN + 1], const struct fleet_entry *entry, void *arg)
{
	struct finding *finding = arg;
	const struct fleet_part *own = fleet_entry_find(entry, finding->own);

	if (own == NULL || own->len == 0 ||
	    fleet_record_decode(&finding->mine, own->bytes, own->len) != ERR_OK)
		return ERR_OK;
	return finding->mine.kind == FLEET_TOKEN
	    ? look_at_token(finding, id, entry)
	    : look_at_revocation(finding, id, entry);
}

/* fleet.tdb may be new: what is not there yet may be the token's owner. */
static enum err
ask_for_all(struct finding *finding, struct fleet_store *store,
    const struct fleet_trusts *trusts, struct error *why)
{
	struct fleet_head head;
	enum err rc = ERR_OK;

	finding->knows_all = true;
	for (size_t i = 0; rc == ERR_OK && i < trusts->count; i++) {
		rc = fleet_store_get_head(
		    store, trusts->each[i].issuer, &head, why);
		if (rc == ERR_NOT_FOUND) {
			finding->knows_all = false;
			rc = ERR_OK;
		}
	}
	return rc;
}

enum err
agent_folds_find(struct folds *folds, const struct config *config,
    const char *own, const struct fleet_trusts *trusts, int64_t now,
    struct error *why)
{
	struct finding *finding = calloc(1, sizeof(*finding));
	struct fleet_store *store = NULL;
	enum err rc;

	*folds = (struct folds){0};
	if (finding == NULL)
		return error_plain(why, ERR_NOMEM);
	finding->folds = folds;
	finding->own = own;
	finding->now = now;
	rc = fleet_store_open(
	    &store, config, STORE_SCAN, store_deadline(config), why);
	if (rc == ERR_OK)
		rc = ask_for_all(finding, store, trusts, why);
	if (rc == ERR_OK)
		rc = fleet_store_each(store, look, finding, why);
	if (rc == ERR_NOMEM)
		(void)error_plain(why, rc);
	fleet_store_close(store);
	free(finding);
	return rc == ERR_MISSING ? ERR_OK : rc;
}

void
agent_folds_free(struct folds *folds)
{
	free(folds->each);
	*folds = (struct folds){0};
}

static enum err
fold_one(struct store *store, const struct fold *fold, struct error *why)
{
	struct record record;
	enum err rc = store_get(store, fold->id, &record, why);

	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	if (rc == ERR_OK && life_apply(&record, LIFE_REVOKE, &fold->ended))
		rc = store_put(store, &record, why);
	return rc;
}

enum err
agent_folds_apply(const struct folds *folds, struct store *store,
    struct fleet_change *change, struct error *why)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < folds->count; i++) {
		const struct fold *fold = &folds->each[i];

		rc = fold->ended.at != 0
		    ? fold_one(store, fold, why)
		    : fleet_change_revoke(change, fold->id, NULL, 0, why);
	}
	return rc;
}
