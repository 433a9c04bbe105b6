#include "lifecycle/owner_tokens.h"

#include <string.h>

#include "account/account_set.h"
#include "lifecycle/life_table.h"

/* Changes one token; returns whether there is anything to store. */
typedef bool change_record(struct record *record, const void *how);

static enum err
change_one(struct store *store, const struct token_owner *owned, const char *id,
    change_record *change, const void *how, struct record *record,
    bool *changed, struct error *why)
{
	enum err rc = store_get(store, id, record, why);

	*changed = false;
	/* Damaged: it lets nobody in, and check reports it. */
	if (rc == ERR_DAMAGED || rc == ERR_NEWER || rc == ERR_NOT_FOUND)
		return ERR_OK;
	if (rc != ERR_OK || strcmp(record->user, owned->user) != 0 ||
	    record->uid != owned->uid || !change(record, how))
		return rc;
	*changed = true;
	return store_put(store, record, why);
}

static enum err
change_all(struct store *store, const struct token_owner *owned,
    change_record *change, const void *how, owner_tokens_visitor *visit,
    void *arg, struct error *why)
{
	struct index index = {0};
	enum err rc = store_get_index(store, owned->user, &index, why);

	for (size_t i = 0; rc == ERR_OK && i < index.count; i++) {
		struct record record;
		bool changed;

		rc = change_one(store, owned, index.ids[i], change, how,
		    &record, &changed, why);
		if (rc == ERR_OK && changed && visit != NULL)
			rc = visit(&record, arg);
	}
	index_free(&index);
	return rc;
}

struct deactivation {
	const struct record_event *event;
	int64_t seen;
};

static bool
deactivate(struct record *record, const void *how)
{
	const struct deactivation *deactivation = how;

	return record->created.at <= deactivation->seen &&
	    record->approved.at <= deactivation->seen &&
	    life_apply(record, LIFE_DISABLE, deactivation->event);
}

enum err
owner_tokens_deactivate(struct store *store, const struct token_owner *owned,
    const struct record_event *event, int64_t seen, owner_tokens_visitor *visit,
    void *arg, struct error *why)
{
	struct deactivation how = {event, seen};

	return change_all(store, owned, deactivate, &how, visit, arg, why);
}

static bool
set_local(struct record *record, const void *how)
{
	bool local = *(const bool *)how;
	bool changed = record->local != local;

	record->local = local;
	return changed;
}

enum err
owner_tokens_set_local(struct store *store, const struct token_owner *owned,
    bool local, struct error *why)
{
	return change_all(store, owned, set_local, &local, NULL, NULL, why);
}

/* Looks at the account again, more closely than a login has time for. */
static enum err
find_reason(const struct config *config, const struct token_owner *owned,
    int64_t now, enum account_reason *reason, struct error *why)
{
	struct account_set accounts;
	struct account_set_entry *entry;
	enum err rc = ERR_NOMEM;

	*reason = ACCOUNT_OK;
	account_set_start(&accounts);
	entry = account_set_get(&accounts, owned->user);
	if (entry != NULL)
		rc = account_set_read_files(
		    &accounts, &config->account, now, why);
	if (rc == ERR_OK && !entry->is_settled)
		account_set_ask(&accounts, entry, &config->account, now);
	if (rc == ERR_OK && entry->state == ACCOUNT_DISABLED &&
	    entry->uid == owned->uid)
		*reason = entry->reason;
	account_set_free(&accounts);
	return rc;
}

static enum err
count_one(const struct record *record, void *arg)
{
	(void)record;
	++*(size_t *)arg;
	return ERR_OK;
}

enum err
owner_tokens_deactivate_disabled(const struct config *config,
    const struct token_owner *owned, int64_t now, int64_t deadline,
    size_t *count, char reason[RECORD_REASON_MAX + 1], struct error *why)
{
	struct record_event event = {.at = now, .by = RECORD_BY_LOGIN};
	enum account_reason found;
	struct store *store;
	enum err rc = find_reason(config, owned, now, &found, why);

	*count = 0;
	if (rc != ERR_OK || found == ACCOUNT_OK)
		return rc;
	strcpy(reason, account_reason_name(found));
	strcpy(event.reason, reason);
	rc = store_open(&store, config, STORE_WRITE, deadline, why);
	if (rc != ERR_OK)
		return rc;
	rc = owner_tokens_deactivate(
	    store, owned, &event, now, count_one, count, why);
	if (rc == ERR_OK && *count > 0)
		rc = store_commit(store, why);
	store_close(store);
	if (rc != ERR_OK)
		*count = 0;
	return rc;
}
