#include "base/deadline.h"

#define SECOND INT64_C(1000000000)
#define MILLISECOND INT64_C(1000000)

int64_t
deadline_in(int64_t milliseconds)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec + milliseconds * MILLISECOND;
}

struct timespec
deadline_timespec(int64_t nanoseconds)
{
	return (struct timespec){
	    .tv_sec = nanoseconds / SECOND,
	    .tv_nsec = (long)(nanoseconds % SECOND),
	};
}
