/* The signals of a command that runs on, read from a descriptor: signalfd(2).
 */
#ifndef TOKENADM_DAEMON_SIGNALS_H
#define TOKENADM_DAEMON_SIGNALS_H

#include "base/error.h"

/*
 * Blocks SIGTERM, SIGINT, SIGHUP and SIGCHLD, and sets *fd to a descriptor from
 * which they are read, without waiting. The caller closes it. ERR_SYSTEM.
 */
enum err daemon_signals_open(int *fd, struct error *why);

/* In a child, which does without the descriptor: unblocks them. */
void daemon_signals_give_back(void);

#endif
