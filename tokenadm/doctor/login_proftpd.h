/* Whether proftpd refuses a user, whatever PAM says. */
#ifndef TOKENADM_LOGIN_PROFTPD_H
#define TOKENADM_LOGIN_PROFTPD_H

#include "doctor/login_steps.h"

/*
 * Adds a failed step for each setting of proftpd that keeps the user out; *asks
 * is false then. <Limit LOGIN> becomes an unseen step. Does nothing for another
 * service, and without proftpd.
 */
void login_proftpd(
    bool *asks, struct steps *steps, const char *user, const char *service);

#endif
