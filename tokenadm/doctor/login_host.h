/* Whether the program behind a service asks PAM about a login at all. */
#ifndef TOKENADM_LOGIN_HOST_H
#define TOKENADM_LOGIN_HOST_H

#include "cli/command.h"
#include "doctor/login_steps.h"

/*
 * Adds a failed step for each setting of sshd, vsftpd or proftpd that keeps it
 * from asking, or this user out; *asks is false then. What it cannot see
 * becomes an unseen step. from may be NULL. ERR_NOMEM leaves the error's text.
 */
enum err login_host(bool *asks, struct steps *steps, struct context *context,
    const char *user, const char *service, const char *from);

#endif
