/* What a service on this machine tells PAM about the client's address. */
#ifndef TOKENADM_TOLD_ADDRESS_H
#define TOKENADM_TOLD_ADDRESS_H

#include "base/error.h"
#include "doctor/service_facts.h"

/*
 * What service_facts.h lists, adjusted to the service's settings. *how is a
 * line that says so, with the setting; it is not an error.
 */
enum told_address told_address(const char *service, struct error *how);

#endif
