/*
 * A host with something of everything that a module could lose or change, and
 * which looks at all of it before and after each hook of the module.
 */
#ifndef APITOKEN_WATCHED_H
#define APITOKEN_WATCHED_H

#include <stdbool.h>
#include <sys/types.h>

/* Makes this process such a host; returns its child, which is to be killed. */
pid_t watched_make(void);

/* What is called from now on, in words; and whether it is looked at. */
void watched_begin(const char *what, bool is_watched);

/* What may change, as in hoststate_compare: a list that stays. */
void watched_allow(const char *const *may_differ);

/*
 * Fails unless so many hooks have been called since watched_begin, in this
 * process and those that it has forked, and nothing was changed.
 */
void watched_expect(unsigned hooks);

#endif
