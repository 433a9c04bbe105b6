#include "times.h"

#include <stdlib.h>
#include <time.h>

int64_t
times_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

double
times_in(int64_t time, double unit)
{
	return (double)time / unit;
}

double
times_since(int64_t start, double unit)
{
	return times_in(times_now() - start, unit);
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
times_sort(int64_t *times, size_t count)
{
	qsort(times, count, sizeof(*times), compare);
}
