/* Who may manage his own tokens: [self_service]. */
#ifndef TOKENADM_OWN_OWNER_H
#define TOKENADM_OWN_OWNER_H

#include <sys/types.h>

#include "cli/command.h"

/*
 * Whether this uid may manage the tokens of the account with this name: it has
 * to be the account's uid, `allow` has to name it, and the account be enabled.
 * Asks the name services. ERR_DENIED, ERR_POLICY.
 */
enum err own_owner_check(struct context *context, const char *user, uid_t uid);

#endif
