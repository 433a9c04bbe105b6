#include "lifecycle/revocation.h"

#include "lifecycle/life_table.h"

static enum err
revoke_one(struct store *store, struct record *record,
    const struct record_event *how, bool *changed, struct error *why)
{
	*changed = life_apply(record, LIFE_REVOKE, how);
	if (!*changed && record->ticket[0] == '\0')
		return ERR_OK;
	record->ticket[0] = '\0';
	return store_put(store, record, why);
}

enum err
revocation_run(struct store *store, const char *id,
    const struct record_event *how, revocation_visitor *visit, void *arg,
    struct error *why)
{
	struct record record;
	bool changed;
	enum err rc = store_get(store, id, &record, why);

	if (rc == ERR_OK)
		rc = revoke_one(store, &record, how, &changed, why);
	if (rc == ERR_OK && visit != NULL)
		rc = visit(&record, changed, arg);
	if (rc != ERR_OK || record.predecessor[0] == '\0')
		return rc;
	rc = revocation_run(store, record.predecessor, how, visit, arg, why);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}
