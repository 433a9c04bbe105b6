#include "lifecycle/unused.h"

#include "lifecycle/life_table.h"

/* An exception that does not say has 0 there. */
static int64_t
lesser(int64_t least, int64_t other)
{
	return other > 0 && other < least ? other : least;
}

int64_t
unused_least(const struct config *config)
{
	const struct policy_exception *one = config->exceptions;
	int64_t least = config->policy.max_unused;

	for (; one != NULL; one = one->next)
		least = lesser(least, one->policy.max_unused);
	return least;
}

int64_t
unused_for(const struct record *record, int64_t last_use,
    const struct usage_clock *clock)
{
	int64_t since = record->created.at;

	if (since < record->approved.at)
		since = record->approved.at;
	if (since < last_use)
		since = last_use;
	/* Nobody could use it before. */
	if (since < record->starts)
		since = record->starts;
	return usage_clock_count(clock, since);
}

enum err
unused_end(struct store *store, const char *id, const struct unused *unused,
    const struct record_event *event, struct record *record, bool *changed,
    struct error *why)
{
	enum err rc = store_get(store, id, record, why);

	*changed = false;
	/* Gone, or damaged: it lets nobody in, and check reports it. */
	if (rc == ERR_NOT_FOUND || rc == ERR_DAMAGED || rc == ERR_NEWER)
		return ERR_OK;
	if (rc != ERR_OK ||
	    unused_for(record, unused->last_use, unused->clock) <
		unused->most ||
	    !life_apply(record, LIFE_UNUSED, event))
		return rc;
	*changed = true;
	return store_put(store, record, why);
}
