/* Sessions as systemd's logind knows them. */
#ifndef TOKENADM_LOGIND_H
#define TOKENADM_LOGIND_H

#include "process.h"

/*
 * Asks logind to end the session that the process belongs to, if it is one of
 * logind's (pam_systemd), and waits for the answer. Nothing happens otherwise.
 */
void logind_terminate(const struct process *process);

#endif
