/* Holding signals off while something has to be finished, or undone. */
#ifndef TOKENADM_SIGNAL_BLOCK_H
#define TOKENADM_SIGNAL_BLOCK_H

#include <signal.h>
#include <stdbool.h>

struct signal_block {
	sigset_t before;
};

void signal_block_begin(struct signal_block *hold);

/* Whether somebody wants us to end meanwhile, as by ^C. */
bool signal_block_interrupted(void);

/* What came meanwhile takes effect now. */
void signal_block_end(struct signal_block *hold);

#endif
