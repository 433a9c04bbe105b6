/* The address of a login that doctor judges, as its service tells PAM. */
#ifndef TOKENADM_LOGIN_ADDRESS_H
#define TOKENADM_LOGIN_ADDRESS_H

#include "doctor/login_steps.h"
#include "doctor/told_address.h"
#include "login/attempt.h"

/*
 * Removes the address from the attempt if the service would give PAM none, or a
 * host name. Adds a step that says so, or that it is not known. Without an
 * address, does nothing.
 */
enum told_address login_address(struct steps *steps, struct attempt *attempt);

#endif
