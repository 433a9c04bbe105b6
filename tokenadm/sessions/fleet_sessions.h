/* Sessions of the fleet's tokens, which an issuer wants ended. */
#ifndef TOKENADM_FLEET_SESSIONS_H
#define TOKENADM_FLEET_SESSIONS_H

#include "cli/command.h"

/*
 * Ends the live sessions of all tokens that were revoked with --terminate, as
 * far as that is applied here, and of no local token; context is the
 * machine's. Errors as
 * fleet_store_open, session_each, terminate_sessions.
 */
enum err fleet_sessions_end(struct context *context);

#endif
