#include "logline.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define VALUE_MAX 128 /* characters of a value, escapes included */

void
logline_text(struct logline *line, const char *text)
{
	size_t len = strlen(text), room = sizeof(line->text) - line->len - 1;

	if (len > room)
		len = room;
	memcpy(line->text + line->len, text, len);
	line->len += len;
	line->text[line->len] = '\0';
}

/* Whether a byte may stand as it is. */
static bool
is_plain(unsigned char byte, bool is_word)
{
	if (byte < ' ' || byte > '~' || byte == '\\')
		return false;
	return !is_word || strchr(" =\"'", byte) == NULL;
}

/* Adds a text whose other bytes become \xNN, cut at max characters. */
static void
add_escaped(struct logline *line, const char *text, size_t max, bool is_word)
{
	size_t used = 0;

	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		char shown[5] = {*text};

		if (!is_plain(byte, is_word))
			(void)snprintf(shown, sizeof(shown), "\\x%02x", byte);
		used += strlen(shown);
		if (used > max) {
			logline_text(line, "...");
			return;
		}
		logline_text(line, shown);
	}
}

void
logline_word(struct logline *line, const char *value)
{
	if (value == NULL || value[0] == '\0')
		logline_text(line, "-");
	else
		add_escaped(line, value, VALUE_MAX, true);
}

void
logline_field(struct logline *line, const char *name, const char *value)
{
	logline_text(line, " ");
	logline_text(line, name);
	logline_text(line, "=");
	logline_word(line, value);
}

void
logline_sentence(struct logline *line, const char *text)
{
	add_escaped(line, text, LOGLINE_SIZE, false);
}
