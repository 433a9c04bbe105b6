/* As whom systemd runs a unit. */
#ifndef TOKENADM_UNIT_USER_H
#define TOKENADM_UNIT_USER_H

#include <stdbool.h>

#include "doctor/setting.h"

/*
 * Looks for User= (or DynamicUser=) in a service unit and its drop-ins, as
 * systemd.unit(5) reads them. True: it does not run as root; *setting is the
 * line that says so. Units whose capabilities replace root do not count.
 */
bool unit_user_lacks_root(const char *unit, struct setting *setting);

#endif
