/* The address of a login that doctor judges, as its service would tell it. */
#ifndef TOKENADM_LOGIN_ADDRESS_H
#define TOKENADM_LOGIN_ADDRESS_H

#include "doctor/login_steps.h"
#include "doctor/told_address.h"
#include "login/attempt.h"

/*
 * Takes the address out of the attempt where its service would tell PAM none,
 * or a name. Adds a step that says so, or that it is not known. Where no
 * address is given nothing is said.
 */
enum told_address login_address(struct steps *steps, struct attempt *attempt);

#endif
