/*
 * What there is to know of a system call to make it fail.
 */
#ifndef APITOKEN_CALLS_H
#define APITOKEN_CALLS_H

#include <stdbool.h>

/* Its name, or "another". */
const char *calls_name(long number);

/* Whether it can fail at all; one that cannot is neither counted nor failed. */
bool calls_can_fail(long number);

/* Which argument says how many bytes are wanted, where fewer will do; or -1. */
int calls_length_argument(long number);

/* Whether whoever is told EINTR is to call again, and may succeed. */
bool calls_is_retried(long number);

/* Whether libc makes it on its own account, too, and does not call again. */
bool calls_is_of_libc(long number);

#endif
