#include "log.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "network.h"

#define LINE_SIZE 1536
#define FIELD_MAX 128 /* characters of a value, escapes included */

struct line {
	char text[LINE_SIZE];
	size_t len;
};

static void
append(struct line *line, const char *text)
{
	size_t len = strlen(text), room = sizeof(line->text) - line->len - 1;

	if (len > room)
		len = room;
	memcpy(line->text + line->len, text, len);
	line->len += len;
	line->text[line->len] = '\0';
}

/* Whether a byte may stand in a value as it is. */
static bool
is_plain(unsigned char byte, bool is_field)
{
	if (byte < ' ' || byte > '~' || byte == '\\')
		return false;
	return !is_field || strchr(" =\"'", byte) == NULL;
}

/* Appends a text whose other bytes become \xNN, cut at max characters. */
static void
append_escaped(struct line *line, const char *text, size_t max, bool is_field)
{
	size_t used = 0;

	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		char shown[5] = {*text};

		if (!is_plain(byte, is_field))
			(void)snprintf(shown, sizeof(shown), "\\x%02x", byte);
		used += strlen(shown);
		if (used > max) {
			append(line, "...");
			return;
		}
		append(line, shown);
	}
}

static void
append_field(struct line *line, const char *name, const char *value)
{
	append(line, " ");
	append(line, name);
	append(line, "=");
	if (value == NULL || value[0] == '\0')
		append(line, "-");
	else
		append_escaped(line, value, FIELD_MAX, true);
}

/* `pam_apitoken(sshd:auth): VERB` and the fields of the subject. */
static void
begin(struct line *line, const struct subject *subject, const char *verb)
{
	struct network address;
	bool numeric = subject->from != NULL &&
	    network_parse_address(subject->from, &address);

	line->len = 0;
	append(line, "pam_apitoken(");
	append_escaped(line, subject->service != NULL ? subject->service : "",
	    FIELD_MAX, true);
	append(line, ":");
	append(line, subject->hook);
	append(line, "): ");
	append(line, verb);
	append_field(line, "id", subject->id);
	append_field(line, "user", subject->user);
	append_field(line, "service", subject->service);
	append_field(line, "rhost", numeric ? subject->from : NULL);
}

void
log_accepted(const struct subject *subject)
{
	struct line line;

	begin(&line, subject, "accepted");
	syslog(LOG_AUTHPRIV | LOG_INFO, "%s", line.text);
}

void
log_refused(
    const struct subject *subject, const char *reason, const char *detail)
{
	struct line line;

	begin(&line, subject, "refused");
	append_field(&line, "reason", reason);
	if (detail[0] != '\0') {
		append(&line, ": ");
		append_escaped(&line, detail, sizeof(line.text), false);
	}
	syslog(LOG_AUTHPRIV | LOG_NOTICE, "%s", line.text);
}

void
log_debug(const struct subject *subject, const char *text)
{
	struct line line;

	begin(&line, subject, text);
	syslog(LOG_AUTHPRIV | LOG_DEBUG, "%s", line.text);
}
