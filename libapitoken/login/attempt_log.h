/* The log's lines about an attempt, as text. Pure. */
#ifndef APITOKEN_ATTEMPT_LOG_H
#define APITOKEN_ATTEMPT_LOG_H

#include "base/error.h"
#include "login/attempt.h"
#include "login/log_line.h"
#include "login/verdict.h"

/*
 * `pam_apitoken(sshd:auth): VERB id=... user=... service=... rhost=...`, and
 * `via=door caller=UID` if it came that way.
 */
struct log_line attempt_log_begin(
    const struct attempt *attempt, const char *verb);

/*
 * ...: refused id=... user=... service=... rhost=... reason=REASON: DETAIL
 * detail says what to mend; it may be "".
 */
struct log_line attempt_log_refused(
    const struct attempt *attempt, const char *reason, const char *detail);

/*
 * ...: deactivated id=... user=... service=... rhost=... tokens=N reason=REASON
 * The owner's tokens, N of them, since his account is disabled.
 */
struct log_line attempt_log_deactivated(
    const struct attempt *attempt, size_t tokens, const char *reason);

/*
 * ...: accepted ..., or refused with the verdict's reason. rc other than ERR_OK
 * is trouble, explained by why, and there is no verdict.
 */
struct log_line attempt_log_verdict(const struct attempt *attempt, enum err rc,
    const struct verdict *verdict, const struct error *why);

#endif
