#include "lifecycle/revocation.h"

#include <string.h>

#include "lifecycle/life_table.h"

/* If others have ended it, he could approve it after he has. */
static bool
is_his_to_end(const struct record *record, const struct token_owner *self)
{
	return record->uid == self->uid && record->state != RECORD_DEACTIVATED;
}

/* What the user has revoked himself he cannot approve any more. */
static bool
take_over(struct record *record, const struct record_event *how)
{
	if (record->state != RECORD_REVOKED ||
	    strcmp(record->ended.by, record->user) != 0 ||
	    strcmp(how->by, record->user) == 0)
		return false;
	record->ended = *how;
	return true;
}

static enum err
revoke_one(struct store *store, struct record *record,
    const struct record_event *how, const struct token_owner *self,
    bool *changed, struct error *why)
{
	*changed = false;
	if (self != NULL && !is_his_to_end(record, self))
		return ERR_OK;
	*changed = life_apply(record, LIFE_REVOKE, how) ||
	    (self == NULL && take_over(record, how));
	if (!*changed && record->ticket[0] == '\0')
		return ERR_OK;
	record->ticket[0] = '\0';
	return store_put(store, record, why);
}

enum err
revocation_run(struct store *store, const char *id,
    const struct record_event *how, const struct token_owner *self,
    revocation_visitor *visit, void *arg, struct error *why)
{
	struct record record;
	bool changed;
	enum err rc = store_get(store, id, &record, why);

	if (rc == ERR_OK)
		rc = revoke_one(store, &record, how, self, &changed, why);
	if (rc == ERR_OK && visit != NULL)
		rc = visit(&record, changed, arg);
	if (rc != ERR_OK || record.predecessor[0] == '\0')
		return rc;
	rc = revocation_run(
	    store, record.predecessor, how, self, visit, arg, why);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}
