/* How long things take, in nanoseconds. */
#ifndef APITOKEN_TIMES_H
#define APITOKEN_TIMES_H

#include <stddef.h>
#include <stdint.h>

#define MICROSECOND 1e3
#define MILLISECOND 1e6
#define SECOND 1e9

/* Of a monotonic clock. */
int64_t times_now(void);

/* A time in units of this many nanoseconds, and the time since start. */
double times_in(int64_t time, double unit);
double times_since(int64_t start, double unit);

void times_sort(int64_t *times, size_t count);

#endif
