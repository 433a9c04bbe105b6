/* fleet status: the issuers, how old what is known of them is, the outbox. */
#ifndef TOKENADM_FLEET_STATUS_H
#define TOKENADM_FLEET_STATUS_H

#include "cli/command.h"

/*
 * Prints it, or as JSON. ERR_REFUSED (shown) if anything is not in order; or as
 * fleet_look_take.
 */
enum err fleet_status(struct context *context, const struct args *args);

#endif
