/* Blocks signals while something must be finished or undone. */
#ifndef TOKENADM_SIGNAL_BLOCK_H
#define TOKENADM_SIGNAL_BLOCK_H

#include <signal.h>
#include <stdbool.h>

struct signal_block {
	sigset_t before;
};

void signal_block_begin(struct signal_block *hold);

/* Whether a signal such as ^C is pending. */
bool signal_block_interrupted(void);

/* Pending signals take effect now. */
void signal_block_end(struct signal_block *hold);

#endif
