/*
 * A host with an example of everything that a module could lose or change,
 * which compares all of it before and after each hook of the module.
 */
#ifndef APITOKEN_WATCHED_H
#define APITOKEN_WATCHED_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Turns this process into such a host; returns its child, which must be killed.
 */
pid_t watched_make(void);

/* A name for the calls that follow; and whether they are checked. */
void watched_begin(const char *what, bool is_watched);

/* What may change, as in hoststate_compare; the list must stay valid. */
void watched_allow(const char *const *may_differ);

/*
 * Fails unless this many hooks have been called since watched_begin, in this
 * process and its children, and nothing was changed.
 */
void watched_expect(unsigned hooks);

#endif
