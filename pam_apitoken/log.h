/*
 * One line to authpriv for each decision. What comes from outside is escaped,
 * so that it can neither forge a field nor a line. No secret ever comes here.
 */
#ifndef PAM_APITOKEN_LOG_H
#define PAM_APITOKEN_LOG_H

#include <stddef.h>

#include "base/error.h"
#include "login/attempt.h"
#include "login/verdict.h"

/* The line of attempt_log_verdict. */
void log_verdict(const struct attempt *attempt, enum err rc,
    const struct verdict *verdict, const struct error *why);

/* The line of attempt_log_refused. */
void log_refused(
    const struct attempt *attempt, const char *reason, const char *detail);

/*
 * ...: deactivated user=... tokens=... reason=REASON: those of an account that
 * turned out to be disabled.
 */
void log_deactivated(
    const struct attempt *attempt, size_t tokens, const char *reason);

/* With the option debug, at that level: the outcome of every check. */
void log_tests(const struct attempt *attempt, const struct verdict *verdict);

#endif
