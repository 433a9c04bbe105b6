/* Signals to processes, never to one that has come by the pid of another. */
#ifndef TOKENADM_PROC_SIGNAL_H
#define TOKENADM_PROC_SIGNAL_H

#include <stdbool.h>

#include "session/process.h"

/* Signals a process that lives; false if there is none any more. */
bool proc_signal(const struct process *process, int number);

/* Waits for its end, for so many milliseconds at most: whether it came. */
bool proc_wait_for_end(const struct process *process, int timeout);

#endif
