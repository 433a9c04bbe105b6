/* What the process that runs the hooks may do with the store. */
#ifndef PAM_APITOKEN_HOST_RIGHTS_H
#define PAM_APITOKEN_HOST_RIGHTS_H

#include <stdbool.h>

#include "config/config.h"

/*
 * Whether it is a program with more rights than the user who started it, as su:
 * he can stop it.
 */
bool host_is_set_uid(void);

/* Whether it must not open the store, or cannot: then it asks at the door. */
bool host_is_outside(const struct config *config);

#endif
