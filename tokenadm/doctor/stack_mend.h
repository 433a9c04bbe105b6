/*
 * The line of pam_apitoken's that mends what is wrong with the present one:
 * with another control, at another place, or below a line that it would skip.
 */
#ifndef TOKENADM_STACK_MEND_H
#define TOKENADM_STACK_MEND_H

#include "doctor/stack_impl.h"

#define STACK_MEND_COPIES STACK_MISSED

struct stack_mend {
	char control[128];
	bool is_moved;    /* it stands elsewhere: in this file ... */
	const char *file; /* ... before this line; 0: at its end */
	size_t number;
	/* Lines that an accepted token skips, to be asked before ours as well.
	 */
	const struct pamstack_entry *copies[STACK_MEND_COPIES];
	size_t copy_count;
};

enum stack_mend_result {
	STACK_MEND_FOUND,
	STACK_MEND_NONE,     /* all controls at all places were tried */
	STACK_MEND_TOO_LONG, /* the stack is too long to try them */
};

/* Searches for the mend of a line with findings. The stack stays as it is. */
enum stack_mend_result stack_mend_find(
    const struct stack_advice *wiring, struct stack_mend *mend);

#endif
