#include "fleet/fleet_issued_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_set.h"

#define ADOPT "the engine has what was acknowledged: tokenadm fleet adopt"

struct checking {
	struct store *store;
	struct error *why;
	struct fleet_record record;
};

static enum err
differ(struct error *why, const char *what)
{
	return error_set(
	    why, ERR_DAMAGED, "issued to the fleet: %s; " ADOPT, what);
}

/* The head is that of these records. */
static enum err
check_set(const struct fleet_list *list, struct error *why)
{
	uint8_t hash[CRYPTO_HASH_LEN], result[CRYPTO_HASH_LEN];
	struct fleet_set set;

	fleet_set_start(&set, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct fleet_item *item = &list->items[i];

		fleet_record_hash(hash, item->id, item->bytes, item->len);
		fleet_set_add(&set, item->id, hash);
	}
	fleet_set_end(&set, result);
	return list->head.count == list->count &&
		memcmp(list->head.set, result, sizeof(result)) == 0
	    ? ERR_OK
	    : differ(why, "the records are not those of their head");
}

/* The steps lead from one head to the next, and to the present one. */
static enum err
check_steps(struct store *store, struct error *why)
{
	struct fleet_outbox outbox;
	fleet_head_text last = "";
	enum err rc = fleet_issued_get_outbox(store, &outbox, why);

	for (uint64_t i = outbox.first; rc == ERR_OK && i < outbox.next; i++) {
		struct fleet_step step;

		rc = fleet_issued_get_step(store, i, &step, why);
		if (rc == ERR_NOT_FOUND)
			rc = differ(why, "a step on the way is missing");
		if (rc == ERR_OK && i > outbox.first &&
		    strcmp(step.before, last) != 0)
			rc = differ(why, "a step on the way is another's");
		strcpy(last, step.head);
		fleet_step_free(&step);
	}
	if (rc == ERR_OK && outbox.first < outbox.next &&
	    strcmp(last, outbox.head) != 0)
		rc = differ(why, "the last step is not the present head's");
	return rc;
}

/* Of a token something is published, and it says no less of its end. */
static enum err
check_token(const char id[TOKEN_ID_LEN + 1], void *arg)
{
	struct checking *checking = arg;
	struct record token;
	enum err rc = store_get(checking->store, id, &token, checking->why);

	/* What is damaged is found by itself. */
	if (rc != ERR_OK)
		return rc == ERR_DAMAGED || rc == ERR_NEWER ? ERR_OK : rc;
	rc = fleet_issued_get(
	    checking->store, id, &checking->record, checking->why);
	if (rc == ERR_NOT_FOUND)
		return error_set(checking->why, ERR_DAMAGED,
		    "issued to the fleet: token %s: is not published; " ADOPT,
		    id);
	if (rc != ERR_OK)
		return rc;
	return checking->record.kind == FLEET_TOKEN &&
		checking->record.token.state == token.state
	    ? ERR_OK
	    : error_set(checking->why, ERR_DAMAGED,
		  "issued to the fleet: token %s: is published with another "
		  "state; " ADOPT,
		  id);
}

static enum err
check_tokens(struct store *store, struct error *why)
{
	struct checking *checking = calloc(1, sizeof(*checking));
	enum err rc;

	if (checking == NULL)
		return error_plain(why, ERR_NOMEM);
	checking->store = store;
	checking->why = why;
	rc = store_each_id(store, check_token, checking, why);
	free(checking);
	return rc;
}

enum err
fleet_issued_check(struct store *store, struct error *why)
{
	struct fleet_engine_list list;
	enum err rc = fleet_issued_list(store, &list, why);

	if (rc == ERR_OK)
		rc = check_set(&list.list, why);
	else if (rc == ERR_NOT_FOUND)
		rc = list.list.count == 0
		    ? ERR_OK
		    : differ(why, "the records have no head");
	fleet_engine_list_free(&list);
	if (rc == ERR_OK)
		rc = check_steps(store, why);
	return rc == ERR_OK ? check_tokens(store, why) : rc;
}
