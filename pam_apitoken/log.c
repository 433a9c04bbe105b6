#include "log.h"

#include <stdio.h>
#include <syslog.h>

#include "logline.h"
#include "logroom.h"
#include "network.h"

/* `pam_apitoken(sshd:auth): VERB` and the fields of the subject. */
static struct logline
begin(const struct subject *subject, const char *verb)
{
	struct logline line = {0};
	char from[NETWORK_TEXT_LEN + 1] = "";
	struct network address;

	/* As it was understood, and not what may stand behind it. */
	if (subject->from != NULL &&
	    network_parse_address(subject->from, &address))
		network_format(&address, from);

	logline_text(&line, "pam_apitoken(");
	logline_word(&line, subject->service);
	logline_text(&line, ":");
	logline_text(&line, subject->hook);
	logline_text(&line, "): ");
	logline_text(&line, verb);
	logline_field(&line, "id", subject->id);
	logline_field(&line, "user", subject->user);
	logline_field(&line, "service", subject->service);
	logline_field(&line, "rhost", from);
	return line;
}

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
	struct logline line = begin(subject, "accepted");

	send_line(LOG_INFO, &line);
}

void
log_refused(
    const struct subject *subject, const char *reason, const char *detail)
{
	struct logline line = begin(subject, "refused");

	logline_field(&line, "reason", reason);
	if (detail[0] != '\0') {
		logline_text(&line, ": ");
		logline_sentence(&line, detail);
	}
	send_line(LOG_NOTICE, &line);
}

void
log_deactivated(
    const struct subject *subject, size_t tokens, const char *reason)
{
	struct logline line = begin(subject, "deactivated");
	char number[24];

	(void)snprintf(number, sizeof(number), "%zu", tokens);
	logline_field(&line, "tokens", number);
	logline_field(&line, "reason", reason);
	send_line(LOG_NOTICE, &line);
}

void
log_debug(const struct subject *subject, const char *text)
{
	struct logline line = begin(subject, text);

	send_line(LOG_DEBUG, &line);
}
