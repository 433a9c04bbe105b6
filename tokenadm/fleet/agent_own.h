/* What the agent does where tokens are issued. */
#ifndef TOKENADM_AGENT_OWN_H
#define TOKENADM_AGENT_OWN_H

#include "base/error.h"
#include "fleet/agent_pass.h"

/*
 * Signs anew in time, takes over what others have revoked, drops revocations
 * that nobody needs any more, lets all of it hold here, and sends what is in
 * the outbox. Errors as outbox_send.
 */
enum err agent_own(struct agent *agent, struct error *why);

/* Sends what is in the outbox, and no more. Errors as outbox_send. */
enum err agent_own_send(struct agent *agent, struct error *why);

#endif
