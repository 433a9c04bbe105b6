#include "store/usage_clock.h"

#include <string.h>

bool
usage_clock_is_sane(const struct usage_clock *clock)
{
	int64_t last = clock->born;

	if (clock->born <= 0 || clock->count > USAGE_CLOCK_PAUSES ||
	    memchr(clock->boot, '\0', sizeof(clock->boot)) == NULL)
		return false;
	for (uint32_t i = 0; i < clock->count; i++) {
		if (clock->pauses[i].from < last ||
		    clock->pauses[i].to < clock->pauses[i].from)
			return false;
		last = clock->pauses[i].to;
	}
	return last <= clock->at;
}

/* Without room, the oldest pause becomes the birth: less counts, not more. */
static void
add_pause(struct usage_clock *clock, int64_t from, int64_t to)
{
	if (clock->count == USAGE_CLOCK_PAUSES) {
		clock->born = clock->pauses[0].to;
		clock->count--;
		memmove(&clock->pauses[0], &clock->pauses[1],
		    clock->count * sizeof(clock->pauses[0]));
	}
	clock->pauses[clock->count++] = (struct usage_pause){from, to};
}

void
usage_clock_beat(struct usage_clock *clock, const struct usage_beat *beat)
{
	int64_t gap = beat->now - clock->at;
	bool is_booted = strcmp(clock->boot, beat->boot) != 0;
	bool was_off = clock->is_stopped && is_booted;

	if (clock->at == 0 || (is_booted && !was_off) ||
	    clock->file != beat->file || clock->at < beat->known ||
	    gap < -USAGE_CLOCK_GAP || (gap > USAGE_CLOCK_GAP && !was_off))
		*clock = (struct usage_clock){
		    .born = beat->now, .at = beat->now, .file = beat->file};
	else if (gap > USAGE_CLOCK_GAP)
		add_pause(clock, clock->at, beat->now);
	if (clock->at < beat->now)
		clock->at = beat->now;
	strcpy(clock->boot, beat->boot);
	clock->is_stopped = beat->is_stop;
}

int64_t
usage_clock_count(const struct usage_clock *clock, int64_t since)
{
	int64_t from = since > clock->born ? since : clock->born;
	int64_t counted = clock->at - from;

	for (uint32_t i = 0; i < clock->count; i++) {
		const struct usage_pause *pause = &clock->pauses[i];

		if (pause->to > from)
			counted -= pause->to -
			    (pause->from > from ? pause->from : from);
	}
	return counted > 0 ? counted : 0;
}
