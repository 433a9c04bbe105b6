#include "fleet/agent_fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_store.h"
#include "lifecycle/life_table.h"

struct finding {
	struct folds *folds;
	const char *own;
	int64_t now;
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
	grown->ended = *ended;
	(void)snprintf(grown->ended.by, sizeof(grown->ended.by), "%.64s:%.180s",
	    issuer, ended->by);
	return ERR_OK;
}

/* Whether another issuer's part changes what this machine has to say. */
static enum err
compare(struct finding *finding, const char *id, const struct fleet_part *part)
{
	const struct fleet_record *mine = &finding->mine;
	struct fleet_record *other = &finding->other;

	if (part->len == 0 || strcmp(part->issuer, finding->own) == 0 ||
	    fleet_record_decode(other, part->bytes, part->len) != ERR_OK ||
	    mine->kind == other->kind)
		return ERR_OK;
	if (mine->kind == FLEET_TOKEN)
		return mine->token.state == RECORD_REVOKED
		    ? ERR_OK
		    : add(finding->folds, id, &other->token.ended,
			  part->issuer);
	/* Its owner says so by now. */
	return other->token.state == RECORD_REVOKED
	    ? add(finding->folds, id, NULL, NULL)
	    : ERR_OK;
}

static enum err
look(
    const char id[TOKEN_ID_LEN + 1], const struct fleet_entry *entry, void *arg)
{
	struct finding *finding = arg;
	const struct fleet_part *own = fleet_entry_find(entry, finding->own);
	size_t before = finding->folds->count;
	enum err rc = ERR_OK;

	if (own == NULL || own->len == 0 ||
	    fleet_record_decode(&finding->mine, own->bytes, own->len) != ERR_OK)
		return ERR_OK;
	if (finding->mine.kind == FLEET_REVOKE &&
	    finding->now >= finding->mine.token.expires)
		return add(finding->folds, id, NULL, NULL);
	for (size_t i = 0; rc == ERR_OK && i < entry->count &&
	     finding->folds->count == before;
	     i++)
		rc = compare(finding, id, &entry->parts[i]);
	return rc;
}

enum err
agent_folds_find(struct folds *folds, const struct config *config,
    const char *own, int64_t now, struct error *why)
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
