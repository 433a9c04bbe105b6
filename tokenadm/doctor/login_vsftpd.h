/* Whether vsftpd refuses a user before it asks PAM, or after. */
#ifndef TOKENADM_LOGIN_VSFTPD_H
#define TOKENADM_LOGIN_VSFTPD_H

#include "doctor/login_steps.h"

/*
 * Adds a failed step if vsftpd.conf(5) keeps the user out; *asks is false then.
 * Does nothing for another service, and without vsftpd.
 */
void login_vsftpd(
    bool *asks, struct steps *steps, const char *user, const char *service);

#endif
