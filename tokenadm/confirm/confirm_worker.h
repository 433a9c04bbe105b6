/*
 * Asks PAM for the password of a user who issues tokens to himself, in service
 * `tokenadm`. It runs in a unit of its own, without a filter of system calls:
 * modules and their helpers (unix_chkpwd) must find the machine as it is. Only
 * root's own workers behind the door may ask here.
 */
#ifndef TOKENADM_CONFIRM_WORKER_H
#define TOKENADM_CONFIRM_WORKER_H

#include "base/error.h"

/* Call this once, in the process that forks those which run. ERR_SYSTEM. */
enum err confirm_worker_prepare(struct error *why);

/* Takes a user's name at fd, asks what PAM asks, and says how it ended. */
void confirm_worker_run(int fd);

#endif
