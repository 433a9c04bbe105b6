/*
 * What answers one caller, in a process of its own, which ends with the answer.
 */
#ifndef TOKENADM_DOOR_WORKER_H
#define TOKENADM_DOOR_WORKER_H

#include "cli/command.h"
#include "door/door_peer.h"

/*
 * Takes one question or request from the caller at fd, answers it and logs
 * the verdict. A caller that says nothing intelligible gets no answer.
 */
void door_worker_run(
    struct context *context, int fd, const struct door_peer *peer);

#endif
