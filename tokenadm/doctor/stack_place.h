/* Where in the files of a stack a line can be put. */
#ifndef TOKENADM_STACK_PLACE_H
#define TOKENADM_STACK_PLACE_H

#include "doctor/stack_impl.h"

struct stack_place {
	size_t index;     /* before this entry; the stack's count: at the end */
	const char *file; /* in this file ... */
	size_t number;    /* ... before this line; 0: at its end */
	unsigned level;   /* as of an entry */
	unsigned depth;   /* includes above the file */
};

/*
 * Sets *place to what is before that entry of the line's type, in the outermost
 * file that can have it. False if nothing may be put there: the line is there
 * already, or a program writes the file.
 */
bool stack_place_before(
    const struct stack_advice *wiring, size_t index, struct stack_place *place);

/* The end of the service's own file. */
struct stack_place stack_place_end(const struct stack_advice *wiring);

/* Whether a program such as authselect writes this file anew. */
bool stack_place_is_generated(const char *file);

#endif
