/*
 * Runs a command for the user who asks at the door, on his own tokens, in a
 * process of its own.
 */
#ifndef TOKENADM_OWN_WORKER_H
#define TOKENADM_OWN_WORKER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/command.h"

struct own_caller {
	uid_t uid; /* effective: authority */
	pid_t pid; /* only to find out which session it is in */
};

/*
 * Answers the request in bytes, of this caller at fd. The config
 * has been read. Where nobody may do this, the request is not even parsed. What
 * is no request gets no answer.
 */
void own_worker_run(struct context *context, int fd,
    const struct own_caller *caller, const uint8_t *bytes, size_t len);

#endif
