/* fleet agent: keeps this machine and the engine in step. */
#ifndef TOKENADM_FLEET_AGENT_H
#define TOKENADM_FLEET_AGENT_H

#include "cli/command.h"

/*
 * Runs until a signal ends it; or with is_once one pass, ERR_REFUSED (shown) if
 * anything went wrong in it. ERR_BUSY: another agent runs. ERR_CONFIG, or
 * trouble of any kind.
 */
enum err fleet_agent(struct context *context, bool is_once);

#endif
