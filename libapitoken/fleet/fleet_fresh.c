#include "fleet/fleet_fresh.h"

#include <string.h>
#include <time.h>

#include "fleet/fleet_verify.h"

#define SECOND INT64_C(1000000000)

enum err
fleet_moment_now(struct fleet_moment *moment, int64_t now, struct error *why)
{
	struct timespec boot;

	moment->now = now;
	if (clock_gettime(CLOCK_BOOTTIME, &boot) != 0)
		return error_plain(why, ERR_SYSTEM);
	moment->boottime = boot.tv_sec * SECOND + boot.tv_nsec;
	return boot_read(moment->boot, why);
}

/* Whether the store has at least what the heartbeat speaks of. */
static bool
is_behind(const struct fleet_beat *beat, const struct fleet_head *head)
{
	if (head == NULL)
		return true;
	if (head->epoch != beat->epoch)
		return head->epoch < beat->epoch;
	return head->seq < beat->seq;
}

static bool
is_recent(const struct fleet_beat *beat, const struct fleet_moment *moment,
    int64_t stale_after)
{
	return beat->seen <= moment->boottime &&
	    moment->boottime - beat->seen <= stale_after * SECOND;
}

enum fleet_freshness
fleet_fresh_judge(const struct fleet_heartbeat *heartbeat, const char *issuer,
    const struct fleet_head *head, const struct fleet_moment *moment,
    int64_t stale_after)
{
	const struct fleet_beat *beat = fleet_heartbeat_find(heartbeat, issuer);

	/* One of another boot says nothing: /run did not outlive it. */
	if (beat == NULL || strcmp(heartbeat->boot, moment->boot) != 0)
		return FLEET_STALE;
	if (is_behind(beat, head))
		return FLEET_BEHIND;
	if (!is_recent(beat, moment, stale_after))
		return FLEET_STALE;
	/* A clock that was set back would make every head last longer. */
	if (moment->now > head->valid_until ||
	    moment->now + FLEET_CLOCK_SLACK < head->time)
		return FLEET_STALE;
	return FLEET_FRESH;
}
