#include "fleet/agent_fold.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_retain.h"
#include "fleet/fleet_store.h"
#include "lifecycle/life_table.h"

#define SECOND INT64_C(1000000000)

struct finding {
	struct folds *folds;
	const char *own;
	int64_t now;
	/* Those that had been taken over; NULL: they have to wait */
	const struct fold_wait *ripe;
	struct fold_wait *fresh; /* where those of now are noted; or NULL */
	bool knows_all;          /* something of every trusted issuer */
	struct fleet_record mine, other;
};

/* Adds another's revocation; or, without it, that this machine's goes. */
static enum err
add(struct folds *folds, const char *id, const struct fleet_record *other,
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
	if (other == NULL || issuer == NULL)
		return ERR_OK;
	grown->ended = fleet_revoked_by(issuer, &other->token.ended);
	grown->ends_sessions = other->ends_sessions;
	return ERR_OK;
}

static int
compare_ids(const void *one, const void *other)
{
	return strcmp(one, other);
}

bool
fold_wait_is_over(
    const struct fold_wait *wait, const struct fleet_moment *moment)
{
	return wait->since != 0 &&
	    moment->boottime - wait->since >= CONFIG_STALE_AFTER_MAX * SECOND;
}

void
fold_wait_free(struct fold_wait *wait)
{
	free(wait->ids);
	*wait = (struct fold_wait){0};
}

static enum err
note(struct fold_wait *wait, const char *id)
{
	char(*grown)[TOKEN_ID_LEN + 1] = reallocarray(
	    wait->ids, wait->count + 1, sizeof(*grown));

	if (grown == NULL)
		return ERR_NOMEM;
	wait->ids = grown;
	strcpy(grown[wait->count++], id);
	return ERR_OK;
}

/* A revocation that its owner has taken over goes if it had long been so. */
static enum err
let_go(struct finding *finding, const char *id)
{
	const struct fold_wait *ripe = finding->ripe;

	if (ripe != NULL && ripe->count > 0 &&
	    bsearch(id, ripe->ids, ripe->count, sizeof(ripe->ids[0]),
		compare_ids) != NULL)
		return add(finding->folds, id, NULL, NULL);
	return finding->fresh == NULL ? ERR_OK : note(finding->fresh, id);
}

/* The next record of another issuer, from *at on; NULL: no more. */
static const struct fleet_part *
next_other(struct finding *finding, const struct fleet_entry *entry, size_t *at)
{
	while (*at < entry->count) {
		const struct fleet_part *part = &entry->parts[(*at)++];

		if (part->len > 0 && strcmp(part->issuer, finding->own) != 0 &&
		    fleet_record_decode(
			&finding->other, part->bytes, part->len) == ERR_OK)
			return part;
	}
	return NULL;
}

/* Whether a record says all that the other one does of the token's end. */
static bool
says_as_much(const struct fleet_record *one, const struct fleet_record *other)
{
	return one->token.state == RECORD_REVOKED &&
	    (one->ends_sessions || !other->ends_sessions);
}

/* Another's revocation of what was issued here. */
static enum err
look_at_token(
    struct finding *finding, const char *id, const struct fleet_entry *entry)
{
	const struct fleet_part *part;
	size_t at = 0;

	while ((part = next_other(finding, entry, &at)) != NULL) {
		if (finding->other.kind == FLEET_REVOKE &&
		    !says_as_much(&finding->mine, &finding->other))
			return add(
			    finding->folds, id, &finding->other, part->issuer);
	}
	return ERR_OK;
}

/*
 * A revocation goes once its owner has said as much for long. Whoever has
 * copied the id owns another token: one that is not revoked is reason to keep
 * it. Or it goes when all of them have expired, by a clock that is a day behind
 * this one.
 */
static enum err
look_at_revocation(
    struct finding *finding, const char *id, const struct fleet_entry *entry)
{
	const struct fleet_record *other = &finding->other;
	int64_t last = finding->mine.token.expires;
	bool is_said = false, is_open = false;
	size_t at = 0;

	while (next_other(finding, entry, &at) != NULL) {
		if (other->kind != FLEET_TOKEN)
			continue;
		if (says_as_much(other, &finding->mine))
			is_said = true;
		else
			is_open = true;
		if (other->token.expires > last)
			last = other->token.expires;
	}
	if (fleet_is_long_expired(last, finding->now))
		return add(finding->folds, id, NULL, NULL);
	return is_said && !is_open && finding->knows_all ? let_go(finding, id)
							 : ERR_OK;
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

static enum err
find_all(struct finding *finding, const struct config *config,
    const struct fleet_trusts *trusts, struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, config, STORE_SCAN, store_deadline(config), why);

	if (rc == ERR_OK)
		rc = ask_for_all(finding, store, trusts, why);
	if (rc == ERR_OK)
		rc = fleet_store_each(store, look, finding, why);
	if (rc == ERR_NOMEM)
		(void)error_plain(why, rc);
	fleet_store_close(store);
	return rc == ERR_MISSING ? ERR_OK : rc;
}

enum err
agent_folds_find(struct folds *folds, struct fold_wait *wait,
    const struct config *config, const char *own,
    const struct fleet_trusts *trusts, const struct fleet_moment *moment,
    struct error *why)
{
	bool is_over = fold_wait_is_over(wait, moment);
	struct fold_wait fresh = {.since = moment->boottime};
	struct finding *finding = calloc(1, sizeof(*finding));
	enum err rc;

	*folds = (struct folds){0};
	if (finding == NULL)
		return error_plain(why, ERR_NOMEM);
	finding->folds = folds;
	finding->own = own;
	finding->now = moment->now;
	finding->ripe = is_over ? wait : NULL;
	finding->fresh = is_over || wait->since == 0 ? &fresh : NULL;
	rc = find_all(finding, config, trusts, why);
	if (rc == ERR_OK && finding->fresh != NULL) {
		fold_wait_free(wait);
		if (fresh.count > 1)
			qsort(fresh.ids, fresh.count, sizeof(fresh.ids[0]),
			    compare_ids);
		*wait = fresh;
	} else {
		fold_wait_free(&fresh);
	}
	free(finding);
	return rc;
}

void
agent_folds_free(struct folds *folds)
{
	free(folds->each);
	*folds = (struct folds){0};
}

static enum err
fold_one(struct store *store, struct fleet_change *change,
    const struct fold *fold, struct error *why)
{
	struct record record;
	enum err rc = store_get(store, fold->id, &record, why);

	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	if (rc == ERR_OK && life_apply(&record, LIFE_REVOKE, &fold->ended))
		rc = store_put(store, &record, why);
	if (rc == ERR_OK && fold->ends_sessions)
		rc = fleet_change_end_sessions(change, fold->id, why);
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
		    ? fold_one(store, change, fold, why)
		    : fleet_change_revoke(change, fold->id, NULL, why);
	}
	return rc;
}
