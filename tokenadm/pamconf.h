/* What /etc/pam.d says of this machine's services. */
#ifndef TOKENADM_PAMCONF_H
#define TOKENADM_PAMCONF_H

#include <stdbool.h>

#include "record.h"

/* Whether PAM has a stack for the service. */
bool pamconf_has_stack(const char *service);

/*
 * The services whose stack, or what it includes, names pam_apitoken, as a list
 * in the order of their names.
 */
void pamconf_services(char list[RECORD_SERVICES_MAX + 1]);

#endif
