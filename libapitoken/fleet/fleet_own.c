#include "fleet/fleet_own.h"

#include <string.h>

#include "fleet/fleet_issued.h"
#include "fleet/fleet_renew.h"

#define TRIES 4      /* while others issue, too */
#define MOST_STEPS 8 /* one by one: more are faster all at once */

static enum err
read_issued(struct fleet_engine_list *list, const struct config *config,
    int64_t deadline, struct error *why)
{
	struct config issued;
	struct store *store = NULL;
	enum err rc;

	*list = (struct fleet_engine_list){0};
	fleet_issued_config(&issued, config);
	rc = store_open(&store, &issued, STORE_SCAN, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_issued_list(store, list, why);
	store_close(store);
	return rc;
}

/* A list that is older by now was read before somebody else's change. */
static enum err
apply(struct fleet_applied *applied, const struct config *config,
    const struct fleet_trust *trust, int64_t now, int64_t deadline,
    struct error *why)
{
	struct fleet_head before = {0};
	struct fleet_engine_list list;
	enum err rc = ERR_REFUSED;

	for (unsigned i = 0; i < TRIES; i++) {
		enum err read = read_issued(&list, config, deadline, why);

		if (read == ERR_OK && rc == ERR_REFUSED && i > 0 &&
		    fleet_head_equals(&list.list.head, &before)) {
			fleet_engine_list_free(&list);
			return rc;
		}
		before = list.list.head;
		rc = read == ERR_OK ? fleet_apply(applied, config, &list.list,
					  trust, now, deadline, why)
				    : read;
		fleet_engine_list_free(&list);
		if (rc != ERR_REFUSED && rc != ERR_BUSY)
			break;
	}
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* Reads the outbox, or a step of it. */
static enum err
read_outbox(const struct config *config, int64_t deadline,
    struct fleet_outbox *outbox, uint64_t number, struct fleet_step *step,
    struct error *why)
{
	struct config issued;
	struct store *store = NULL;
	enum err rc;

	fleet_issued_config(&issued, config);
	rc = store_open(&store, &issued, STORE_READ, deadline, why);
	if (rc == ERR_OK)
		rc = step == NULL
		    ? fleet_issued_get_outbox(store, outbox, why)
		    : fleet_issued_get_step(store, number, step, why);
	store_close(store);
	return rc;
}

static bool
read_head(struct fleet_head *head, const char *text)
{
	size_t used;

	return fleet_head_read(head, text, strlen(text), &used) == ERR_OK;
}

/* A step that follows on the head is applied, and *head becomes its own. */
static enum err
follow_step(struct fleet_applied *applied, const struct config *config,
    const struct fleet_trust *trust, int64_t now, int64_t deadline,
    uint64_t number, struct fleet_head *head)
{
	struct fleet_step step = {0};
	struct fleet_list list = {0};
	struct fleet_head before;
	struct error why;
	enum err rc = read_outbox(config, deadline, NULL, number, &step, &why);

	if (rc == ERR_OK && read_head(&before, step.before) &&
	    read_head(&list.head, step.head) &&
	    fleet_head_equals(&before, head)) {
		list.items = step.items;
		list.count = step.put.count;
		rc = fleet_apply_step(applied, config, &before, &list, trust,
		    now, deadline, &why);
		if (rc == ERR_OK)
			*head = list.head;
	}
	fleet_step_free(&step);
	return rc;
}

/*
 * The steps that are not acknowledged yet, without reading all that was ever
 * issued. Whether that was all; if not, all of it is read.
 */
static bool
follow(struct fleet_applied *applied, const struct config *config,
    const struct fleet_trust *trust, int64_t now, int64_t deadline)
{
	struct fleet_outbox outbox = {.first = 0};
	struct fleet_head head, wanted;
	struct error why;
	enum err rc = fleet_applied_head(
	    &head, config, trust->issuer, deadline, &why);

	if (rc == ERR_OK)
		rc = read_outbox(config, deadline, &outbox, 0, NULL, &why);
	if (rc != ERR_OK || !read_head(&wanted, outbox.head) ||
	    outbox.next - outbox.first > MOST_STEPS)
		return false;
	for (uint64_t i = outbox.first; rc == ERR_OK && i < outbox.next; i++)
		rc = follow_step(
		    applied, config, trust, now, deadline, i, &head);
	applied->head = head;
	return fleet_head_equals(&head, &wanted);
}

enum err
fleet_own_apply(struct fleet_applied *applied, const struct config *config,
    const struct fleet_key *key, int64_t now, int64_t deadline,
    struct error *why)
{
	const struct fleet_trust *trust = NULL;
	struct fleet_trusts trusts;
	enum err rc = fleet_trusts_read(&trusts, config->fleet.issuers, why);

	*applied = (struct fleet_applied){0};
	for (size_t i = 0; rc == ERR_OK && i < trusts.count; i++) {
		if (strcmp(trusts.each[i].issuer, key->issuer) == 0)
			trust = &trusts.each[i];
	}
	if (trust != NULL && !follow(applied, config, trust, now, deadline))
		rc = apply(applied, config, trust, now, deadline, why);
	fleet_trusts_free(&trusts);
	return rc;
}
