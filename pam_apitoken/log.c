#include "log.h"

#include <stdio.h>
#include <syslog.h>

#include "login/login_line.h"
#include "login/syslog_wait.h"

/* A line that a log no longer takes is lost, and not the login. */
static void
send_line(int level, const struct log_line *line)
{
	if (syslog_wait(SYSLOG_SOCKET, SYSLOG_PATIENCE))
		syslog(LOG_AUTHPRIV | level, "%s", line->text);
}

void
log_accepted(const struct subject *subject)
{
	struct log_line line = login_line_begin(subject, "accepted");

	send_line(LOG_INFO, &line);
}

void
log_refused(
    const struct subject *subject, const char *reason, const char *detail)
{
	struct log_line line = login_line_refused(subject, reason, detail);

	send_line(LOG_NOTICE, &line);
}

void
log_deactivated(
    const struct subject *subject, size_t tokens, const char *reason)
{
	struct log_line line = login_line_begin(subject, "deactivated");
	char number[24];

	(void)snprintf(number, sizeof(number), "%zu", tokens);
	log_line_field(&line, "tokens", number);
	log_line_field(&line, "reason", reason);
	send_line(LOG_NOTICE, &line);
}

void
log_debug(const struct subject *subject, const char *text)
{
	struct log_line line = login_line_begin(subject, text);

	send_line(LOG_DEBUG, &line);
}
