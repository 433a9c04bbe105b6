/*
 * One line to authpriv for each decision. What comes from outside is escaped,
 * so that it can neither forge a field nor a line. No secret ever comes here.
 */
#ifndef PAM_APITOKEN_LOG_H
#define PAM_APITOKEN_LOG_H

#include <stddef.h>

#include "attempt_from_pam.h"

/* pam_apitoken(sshd:auth): accepted id=... user=... service=... rhost=... */
void log_accepted(const struct subject *subject);

/*
 * ...: refused id=... user=... service=... rhost=... reason=REASON: DETAIL
 * detail says what is to be mended; it may be "".
 */
void log_refused(
    const struct subject *subject, const char *reason, const char *detail);

/*
 * ...: deactivated user=... tokens=... reason=REASON: those of an account that
 * turned out to be disabled.
 */
void log_deactivated(
    const struct subject *subject, size_t tokens, const char *reason);

/* At level debug: a text of our own, and whom it is about. */
void log_debug(const struct subject *subject, const char *text);

#endif
