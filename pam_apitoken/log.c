#include "log.h"

#include <stdio.h>
#include <syslog.h>

#include "login/attempt_log.h"
#include "login/syslog_send.h"
#include "login/syslog_wait.h"

/* If the log takes no line any more, the line is lost, not the login. */
static void
send_line(int level, const struct log_line *line)
{
	(void)syslog_send(level, line->text, SYSLOG_PATIENCE);
}

void
log_verdict(const struct attempt *attempt, enum err rc,
    const struct verdict *verdict, const struct error *why)
{
	struct log_line line = attempt_log_verdict(attempt, rc, verdict, why);

	send_line(
	    rc == ERR_OK && verdict->accepted ? LOG_INFO : LOG_NOTICE, &line);
}

void
log_refused(
    const struct attempt *attempt, const char *reason, const char *detail)
{
	struct log_line line = attempt_log_refused(attempt, reason, detail);

	send_line(LOG_NOTICE, &line);
}

void
log_deactivated(
    const struct attempt *attempt, size_t tokens, const char *reason)
{
	struct log_line line = attempt_log_deactivated(attempt, tokens, reason);

	send_line(LOG_NOTICE, &line);
}

void
log_tests(const struct attempt *attempt, const struct verdict *verdict)
{
	static const char *const MARKS[] = {
	    [OUTCOME_SKIPPED] = "skipped",
	    [OUTCOME_PASSED] = "passed",
	    [OUTCOME_FAILED] = "FAILED",
	};
	char text[512];
	size_t len = 0;
	struct log_line line;

	for (unsigned i = 0; i < LOGIN_TEST_COUNT; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s=%s", i == 0 ? "" : " ",
		    verdict_test_name((enum login_test)i),
		    MARKS[verdict->outcome[i]]);
	line = attempt_log_begin(attempt, text);
	send_line(LOG_DEBUG, &line);
}
