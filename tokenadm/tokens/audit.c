#include "tokens/audit.h"

#include <stdio.h>
#include <syslog.h>

#include "login/log_line.h"
#include "login/syslog_wait.h"

/* What a log no longer takes is told whoever called us. */
static void
send_line(const struct logline *line)
{
	if (logroom_await(LOGROOM_SOCKET, LOGROOM_PATIENCE))
		syslog(LOG_AUTHPRIV | LOG_NOTICE, "%s", line->text);
	else
		fprintf(stderr,
		    "tokenadm: nobody reads " LOGROOM_SOCKET
		    "; this is not logged: %s\n",
		    line->text);
}

void
audit(const char *verb, const struct record *record, const char *by,
    const char *detail)
{
	struct logline line = {0};

	logline_text(&line, verb);
	logline_field(&line, "id", record->id);
	logline_field(&line, "user", record->user);
	logline_field(&line, "name", record->name);
	logline_field(&line, "by", by);
	if (detail[0] != '\0')
		logline_field(&line, "detail", detail);
	send_line(&line);
}

void
audit_store(const char *verb, const char *by, const char *detail)
{
	struct logline line = {0};

	logline_text(&line, verb);
	logline_field(&line, "by", by);
	logline_field(&line, "detail", detail);
	send_line(&line);
}

void
audit_stopped(const char *by, size_t users, size_t all)
{
	struct logline line = {0};
	char number[32];

	logline_text(&line, "sweep-stopped");
	logline_field(&line, "by", by);
	(void)snprintf(number, sizeof(number), "%zu", users);
	logline_field(&line, "users", number);
	(void)snprintf(number, sizeof(number), "%zu", all);
	logline_field(&line, "of", number);
	send_line(&line);
}

void
audit_batch(
    const char *file, size_t count, size_t first, size_t last, const char *by)
{
	struct logline line = {0};
	char lines[64], number[32];

	(void)snprintf(number, sizeof(number), "%zu", count);
	(void)snprintf(lines, sizeof(lines), "%zu-%zu", first, last);
	logline_text(&line, "issued-batch");
	logline_field(&line, "count", number);
	logline_field(&line, "file", file);
	logline_field(&line, "lines", lines);
	logline_field(&line, "by", by);
	send_line(&line);
}
