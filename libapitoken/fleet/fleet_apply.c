#include "fleet/fleet_apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "fleet/fleet_apply_impl.h"
#include "fleet/fleet_verify.h"

#define TRIES 3 /* when another applies at the same time */

static void
forget(struct apply_work *work)
{
	fleet_known_free(&work->after);
	free(work->written);
	free(work->removed);
	work->written = work->removed = NULL;
}

static enum err
verify(struct apply_work *work, bool is_step, struct error *why)
{
	struct fleet_expected expected = {.trust = work->trust,
	    .applied = work->has_head ? &work->head : NULL,
	    .now = work->now};

	if (!hex_get(
		expected.fleet, sizeof(expected.fleet), work->config->fleet.id))
		return error_set(why, ERR_CONFIG,
		    "this machine is in no fleet: [fleet] id is not set");
	if (is_step)
		return fleet_verify_step(
		    work->list, &expected, work->hashes, why);
	return work->is_changes
	    ? fleet_verify_changes(work->list, &expected, work->known,
		  work->hashes, &work->after, why)
	    : fleet_verify(work->list, &expected, work->hashes, why);
}

/* Both are in order: what differs is found in one pass. */
static enum err
compare(struct apply_work *work, struct error *why)
{
	const struct fleet_list *list = work->list;
	const struct fleet_known *known = work->known;
	struct fleet_applied *applied = work->applied;
	size_t i = 0, k = 0;

	work->written = calloc(list->count + 1, sizeof(size_t));
	work->removed = calloc(known->count + 1, sizeof(size_t));
	if (work->written == NULL || work->removed == NULL)
		return error_plain(why, ERR_NOMEM);
	while (i < list->count || k < known->count) {
		int order = i == list->count ? 1
		    : k == known->count
		    ? -1
		    : strcmp(list->items[i].id, known->each[k].id);

		if (order > 0) {
			if (!work->is_changes)
				work->removed[applied->removed++] = k;
		} else if (list->items[i].bytes == NULL) {
			if (order == 0)
				work->removed[applied->removed++] = k;
		} else if (order < 0 ||
		    !crypto_equal(work->hashes[i], known->each[k].hash)) {
			work->written[applied->written++] = i;
		}
		i += order <= 0;
		k += order >= 0;
	}
	return ERR_OK;
}

/*
 * The head to be kept. Of two with the same records the later one: it was
 * renewed, and an engine could bring the older one back.
 */
static void
choose_head(struct apply_work *work)
{
	const struct fleet_head *fresh = &work->list->head;
	struct fleet_applied *applied = work->applied;
	bool is_same = work->has_head &&
	    fleet_head_compare(fresh, &work->head) == 0;

	applied->head = is_same && fresh->time <= work->head.time &&
		memcmp(fresh->key, work->head.key, sizeof(fresh->key)) == 0
	    ? work->head
	    : *fresh;
	applied->is_new = !work->has_head ||
	    !fleet_head_equals(&applied->head, &work->head);
}

static enum err
try_it(struct apply_work *work, struct error *why)
{
	enum err rc;

	forget(work);
	*work->applied = (struct fleet_applied){0};
	rc = fleet_known_refresh(work->known, &work->head, &work->has_head,
	    work->config, work->trust->issuer, work->deadline, why);
	if (rc == ERR_OK)
		rc = verify(work, false, why);
	if (rc == ERR_OK)
		rc = compare(work, why);
	if (rc != ERR_OK)
		return rc;
	choose_head(work);
	if (!work->applied->is_new && work->applied->written == 0 &&
	    work->applied->removed == 0)
		return ERR_OK;
	return apply_write(work, why);
}

/* What was known becomes what it is now. */
static void
keep_known(struct apply_work *work)
{
	struct fleet_known before = *work->known;

	if (!work->is_changes)
		return;
	*work->known = work->after;
	work->after = before;
}

static enum err
apply(struct apply_work *work, struct error *why)
{
	enum err rc = fleet_store_create(work->config, work->deadline, why);

	*work->applied = (struct fleet_applied){0};
	if (rc != ERR_OK)
		return rc;
	work->hashes = calloc(work->list->count + 1, sizeof(*work->hashes));
	if (work->hashes == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = ERR_BUSY;
	for (unsigned i = 0; rc == ERR_BUSY && i < TRIES; i++)
		rc = try_it(work, why);
	if (rc == ERR_OK)
		keep_known(work);
	else
		*work->applied = (struct fleet_applied){0};
	forget(work);
	free(work->hashes);
	return rc;
}

enum err
fleet_apply(struct fleet_applied *applied, const struct config *config,
    const struct fleet_list *list, const struct fleet_trust *trust, int64_t now,
    int64_t deadline, struct error *why)
{
	struct fleet_known known = {0};
	struct apply_work work = {.config = config,
	    .list = list,
	    .trust = trust,
	    .now = now,
	    .deadline = deadline,
	    .known = &known,
	    .applied = applied};
	enum err rc = apply(&work, why);

	fleet_known_free(&known);
	return rc;
}

enum err
fleet_apply_changes(struct fleet_applied *applied, struct fleet_known *known,
    const struct config *config, const struct fleet_list *changes,
    const struct fleet_trust *trust, int64_t now, int64_t deadline,
    struct error *why)
{
	struct apply_work work = {.config = config,
	    .list = changes,
	    .trust = trust,
	    .is_changes = true,
	    .now = now,
	    .deadline = deadline,
	    .known = known,
	    .applied = applied};

	return apply(&work, why);
}

/* All that is in a step differs from what was there. */
static enum err
take_step(struct apply_work *work, struct error *why)
{
	const struct fleet_list *step = work->list;

	work->hashes = calloc(step->count + 1, sizeof(*work->hashes));
	work->known->each = calloc(step->count + 1, sizeof(*work->known->each));
	work->written = calloc(step->count + 1, sizeof(size_t));
	work->removed = calloc(step->count + 1, sizeof(size_t));
	if (work->hashes == NULL || work->known->each == NULL ||
	    work->written == NULL || work->removed == NULL)
		return error_plain(why, ERR_NOMEM);
	for (size_t i = 0; i < step->count; i++) {
		memcpy(work->known->each[i].id, step->items[i].id,
		    sizeof(work->known->each[i].id));
		if (step->items[i].bytes != NULL)
			work->written[work->applied->written++] = i;
		else
			work->removed[work->applied->removed++] = i;
	}
	return ERR_OK;
}

enum err
fleet_apply_step(struct fleet_applied *applied, const struct config *config,
    const struct fleet_head *before, const struct fleet_list *step,
    const struct fleet_trust *trust, int64_t now, int64_t deadline,
    struct error *why)
{
	struct fleet_known known = {0};
	struct apply_work work = {.config = config,
	    .list = step,
	    .known = &known,
	    .trust = trust,
	    .now = now,
	    .deadline = deadline,
	    .has_head = true,
	    .head = *before,
	    .applied = applied};
	enum err rc;

	*applied = (struct fleet_applied){.is_new = true, .head = step->head};
	rc = take_step(&work, why);
	if (rc == ERR_OK)
		rc = verify(&work, true, why);
	if (rc == ERR_OK)
		rc = apply_write(&work, why);
	if (rc != ERR_OK)
		*applied = (struct fleet_applied){0};
	forget(&work);
	fleet_known_free(&known);
	free(work.hashes);
	return rc;
}
