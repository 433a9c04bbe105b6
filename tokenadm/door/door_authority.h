/* Who may ask about whom, by [door] callers. */
#ifndef TOKENADM_DOOR_AUTHORITY_H
#define TOKENADM_DOOR_AUTHORITY_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "config/config.h"

/*
 * Whether a caller with this uid may ask about the user at the service: root
 * may, who is listed for that service may, everybody may about an account of
 * his own. *is_believed: what he says of service and address is taken for
 * true, which is so for the first two. ERR_REFUSED, with what to add to the
 * config. Asks the name services.
 */
enum err door_authority(const struct config *config, uid_t uid,
    const char *user, const char *service, bool *is_believed,
    struct error *why);

#endif
