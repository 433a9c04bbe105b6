/*
 * Asks for the password of who issues tokens to himself: a token, or a terminal
 * that somebody has left, makes no tokens.
 */
#ifndef TOKENADM_OWN_CONFIRM_H
#define TOKENADM_OWN_CONFIRM_H

#include <sys/types.h>

#include "cli/command.h"

/*
 * Whether it is context->self who asks, as [self_service] confirm says. PAM is
 * asked by another process, see confirm/confirm_worker.h, and what it asks by
 * own_streams_ask. Without a password: if `allow` names the user or a group of
 * his, the account has none, and the process that asks is not of a token's
 * session. ERR_REFUSED: it was not the right one; ERR_POLICY; ERR_BUSY: another
 * command of his is at it; or as door_enter.
 */
enum err own_confirm(struct context *context, pid_t pid);

/* Where that process listens. */
#define OWN_CONFIRM_SOCKET RUNSTATEDIR "/apitoken-confirm/socket"

#endif
