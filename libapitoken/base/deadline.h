/*
 * Until when something may take: moments of the time that nobody sets
 * (CLOCK_MONOTONIC), in nanoseconds.
 */
#ifndef APITOKEN_DEADLINE_H
#define APITOKEN_DEADLINE_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

/* The moment this far from now; of 0: now. */
int64_t deadline_in(int64_t milliseconds);

/* The milliseconds until then; below 0: it is over. */
static inline int64_t
deadline_left(int64_t deadline)
{
	return (deadline - deadline_in(0)) / 1000000;
}

/* The same for poll(2): 0 if it is over, INT_MAX at most. */
static inline int
deadline_poll(int64_t deadline)
{
	int64_t left = deadline_left(deadline);

	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

/* The same moment, or span, for system calls. */
struct timespec deadline_timespec(int64_t nanoseconds);

#endif
