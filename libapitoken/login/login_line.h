/* The lines of log.h as text. Pure: tokenadm doctor shows them, too. */
#ifndef APITOKEN_LOGIN_LINE_H
#define APITOKEN_LOGIN_LINE_H

#include "login/log_line.h"
#include "pam_apitoken/attempt_from_pam.h"

/* `pam_apitoken(sshd:auth): VERB` and the fields of the subject. */
struct log_line login_line_begin(
    const struct subject *subject, const char *verb);

/* That of log_refused. */
struct log_line login_line_refused(
    const struct subject *subject, const char *reason, const char *detail);

#endif
