/* What a service tells PAM of the client's address on this machine. */
#ifndef TOKENADM_TOLD_ADDRESS_H
#define TOKENADM_TOLD_ADDRESS_H

#include "base/error.h"
#include "doctor/service_facts.h"

/*
 * What service_facts.h has of it, and what its settings make of that. *how is
 * a line that says so, with the setting; it is no error.
 */
enum told_address told_address(const char *service, struct error *how);

#endif
