/*
 * Blocks signals while something must be finished or undone. A process has one
 * such block: one that begins inside another is a part of it.
 */
#ifndef TOKENADM_SIGNAL_BLOCK_H
#define TOKENADM_SIGNAL_BLOCK_H

#include <stdbool.h>

struct signal_block {
	bool is_inner;
};

void signal_block_begin(struct signal_block *hold);

/*
 * Whether a signal such as ^C is pending, and will be heeded when the block
 * ends. Never inside another block: that one has to be finished.
 */
bool signal_block_interrupted(const struct signal_block *hold);

/* Pending signals take effect now; inside another block, when that ends. */
void signal_block_end(struct signal_block *hold);

/*
 * Ends whatever block has been left without signal_block_end: when what was
 * done has been logged and said.
 */
void signal_block_release(void);

/*
 * A window in the block, for what may wait for others, such as output: a signal
 * such as ^C makes system calls fail with EINTR, again each second, until the
 * window is closed; it is pending then. heed, unless NULL, is called by the
 * signal handler. Without a block, and in another window, nothing happens.
 */
void signal_window_open(void (*heed)(void));

/* Returns whether a signal has come. */
bool signal_window_close(void);

#endif
