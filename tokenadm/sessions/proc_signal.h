/* Signals processes, but never one that has reused a pid. */
#ifndef TOKENADM_PROC_SIGNAL_H
#define TOKENADM_PROC_SIGNAL_H

#include <stdbool.h>

#include "session/process.h"

/* Signals the process; false if it has ended. */
bool proc_signal(const struct process *process, int number);

/* Waits for its end, up to timeout milliseconds; false if still running. */
bool proc_wait_for_end(const struct process *process, int timeout);

#endif
