/*
 * What a process has that its code can change: all of it that can be seen from
 * inside, in words.
 */
#ifndef APITOKEN_HOSTSTATE_H
#define APITOKEN_HOSTSTATE_H

/* A line for each thing there is; to be freed. NULL: no memory. */
char *hoststate_take(void);

/*
 * Prints what differs on standard error, under this heading, and returns how
 * many lines do. Those that begin with one of the words may; NULL ends these.
 */
unsigned hoststate_compare(const char *heading, const char *before,
    const char *after, const char *const *may_differ);

#endif
