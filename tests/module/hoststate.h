/*
 * The state of a process that its code can change: all of it that is visible
 * from inside, as text.
 */
#ifndef APITOKEN_HOSTSTATE_H
#define APITOKEN_HOSTSTATE_H

/* One line for each item; to be freed. NULL: no memory. */
char *hoststate_take(void);

/*
 * Prints the differences to standard error, under this heading, and returns the
 * number of lines that differ. Lines that begin with one of the words may
 * differ; NULL ends the words.
 */
unsigned hoststate_compare(const char *heading, const char *before,
    const char *after, const char *const *may_differ);

#endif
