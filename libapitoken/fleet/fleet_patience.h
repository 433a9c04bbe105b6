/*
 * How long this process waits for a fleet's engine: until its deadline, unless
 * it is told before that to wait no more.
 */
#ifndef APITOKEN_FLEET_PATIENCE_H
#define APITOKEN_FLEET_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

/* The milliseconds left, see deadline_in; 60,000 at most, and at least 0. */
int fleet_patience_left(int64_t deadline);

/* From now on nothing is left. A signal handler may call it. */
void fleet_patience_end(void);

/* Whether that was called. */
bool fleet_patience_is_over(void);

#endif
