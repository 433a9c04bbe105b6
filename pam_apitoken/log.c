#include "log.h"

#include <stdio.h>
#include <syslog.h>

#include "login/login_line.h"
#include "login/syslog_wait.h"

/* A line that a log no longer takes is lost, and not the login. */
static void
send_line(int level, const struct logline *line)
{
	if (logroom_await(LOGROOM_SOCKET, LOGROOM_PATIENCE))
		syslog(LOG_AUTHPRIV | level, "%s", line->text);
}

void
log_accepted(const struct subject *subject)
{
	struct logline line = logtext_begin(subject, "accepted");

	send_line(LOG_INFO, &line);
}

void
log_refused(
    const struct subject *subject, const char *reason, const char *detail)
{
	struct logline line = logtext_refused(subject, reason, detail);

	send_line(LOG_NOTICE, &line);
}

void
log_deactivated(
    const struct subject *subject, size_t tokens, const char *reason)
{
	struct logline line = logtext_begin(subject, "deactivated");
	char number[24];

	(void)snprintf(number, sizeof(number), "%zu", tokens);
	logline_field(&line, "tokens", number);
	logline_field(&line, "reason", reason);
	send_line(LOG_NOTICE, &line);
}

void
log_debug(const struct subject *subject, const char *text)
{
	struct logline line = logtext_begin(subject, text);

	send_line(LOG_DEBUG, &line);
}
