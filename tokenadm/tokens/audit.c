#include "tokens/audit.h"

#include <stdio.h>
#include <syslog.h>

#include "cli/signal_block.h"
#include "login/log_line.h"
#include "login/syslog_send.h"
#include "login/syslog_wait.h"

static void
tell(const struct log_line *line)
{
	signal_window_open(NULL);
	fprintf(stderr,
	    "tokenadm: nobody reads " SYSLOG_SOCKET
	    "; this is not logged: %s\n",
	    line->text);
	(void)signal_window_close();
}

/* If the log does not accept the line, print it for the caller. */
static void
send_line(const struct log_line *line)
{
	if (!syslog_send(LOG_NOTICE, line->text, SYSLOG_PATIENCE))
		tell(line);
}

static void
add_token(struct log_line *line, const struct record *record, const char *by)
{
	log_line_field(line, "id", record->id);
	log_line_field(line, "user", record->user);
	log_line_field(line, "name", record->name);
	log_line_field(line, "by", by);
}

void
audit(const char *verb, const struct record *record, const char *by,
    const char *detail)
{
	struct log_line line = {0};

	log_line_text(&line, verb);
	add_token(&line, record, by);
	if (detail[0] != '\0')
		log_line_field(&line, "detail", detail);
	send_line(&line);
}

void
audit_fleet(const char *verb, const struct record *record, const char *by,
    const char *detail, const char *issuer)
{
	struct log_line line = {0};

	log_line_text(&line, verb);
	add_token(&line, record, by);
	log_line_field(&line, "detail", detail);
	log_line_field(&line, "issuer", issuer);
	send_line(&line);
}

static void
add_changes(struct log_line *line, const struct changes *changes, size_t most)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->list[i];
		char key[32];

		(void)snprintf(key, sizeof(key), "old_%s", change->field);
		log_line_field_cut(line, key, change->before, most);
		(void)snprintf(key, sizeof(key), "new_%s", change->field);
		log_line_field_cut(line, key, change->after, most);
	}
}

void
audit_edited(const struct record *record, const struct changes *changes)
{
	size_t most = LOG_LINE_VALUE_MAX;
	struct log_line line;

	do {
		line = (struct log_line){0};
		log_line_text(&line, "edited");
		add_token(&line, record, record->changed.by);
		add_changes(&line, changes, most--);
	} while (line.len == sizeof(line.text) - 1 && most > 0);
	send_line(&line);
}

void
audit_store(const char *verb, const char *by, const char *detail)
{
	struct log_line line = {0};

	log_line_text(&line, verb);
	log_line_field(&line, "by", by);
	log_line_field(&line, "detail", detail);
	send_line(&line);
}

void
audit_stopped(const char *by, size_t users, size_t all)
{
	struct log_line line = {0};
	char number[32];

	log_line_text(&line, "sweep-stopped");
	log_line_field(&line, "by", by);
	(void)snprintf(number, sizeof(number), "%zu", users);
	log_line_field(&line, "users", number);
	(void)snprintf(number, sizeof(number), "%zu", all);
	log_line_field(&line, "of", number);
	send_line(&line);
}

void
audit_batch(
    const char *file, size_t count, size_t first, size_t last, const char *by)
{
	struct log_line line = {0};
	char lines[64], number[32];

	(void)snprintf(number, sizeof(number), "%zu", count);
	(void)snprintf(lines, sizeof(lines), "%zu-%zu", first, last);
	log_line_text(&line, "issued-batch");
	log_line_field(&line, "count", number);
	log_line_field(&line, "file", file);
	log_line_field(&line, "lines", lines);
	log_line_field(&line, "by", by);
	send_line(&line);
}
