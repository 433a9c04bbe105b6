/* Holding signals off while something has to be finished, or undone. */
#ifndef TOKENADM_SIGNAL_BLOCK_H
#define TOKENADM_SIGNAL_BLOCK_H

#include <signal.h>
#include <stdbool.h>

struct hold {
	sigset_t before;
};

void hold_begin(struct hold *hold);

/* Whether somebody wants us to end meanwhile, as by ^C. */
bool hold_interrupted(void);

/* What came meanwhile takes effect now. */
void hold_end(struct hold *hold);

#endif
