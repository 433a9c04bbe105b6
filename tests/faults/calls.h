/* What it takes to make a system call fail. */
#ifndef APITOKEN_CALLS_H
#define APITOKEN_CALLS_H

#include <stdbool.h>

/* Its name, or "another". */
const char *calls_name(long number);

/*
 * Whether it can fail at all; calls that cannot are neither counted nor failed.
 */
bool calls_can_fail(long number);

/* Which argument is the number of bytes, if fewer may be transferred; or -1. */
int calls_length_argument(long number);

/* Whether the caller has to retry after EINTR, and may succeed. */
bool calls_is_retried(long number);

/* Whether libc makes it on its own too, and does not retry. */
bool calls_is_of_libc(long number);

#endif
