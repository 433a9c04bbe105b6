#include "login/log_line.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "token/token.h"

#define VALUE_MAX 128 /* characters of a value, escapes included */

void
log_line_text(struct log_line *line, const char *text)
{
	size_t len = strlen(text), room = sizeof(line->text) - line->len - 1;

	if (len > room)
		len = room;
	memcpy(line->text + line->len, text, len);
	line->len += len;
	line->text[line->len] = '\0';
}

/* Whether a byte needs no escape. */
static bool
is_plain(unsigned char byte, bool is_word)
{
	if (byte < ' ' || byte > '~' || byte == '\\')
		return false;
	return !is_word || strchr(" =\"'", byte) == NULL;
}

/* Where the secret of a token begins in a text; NULL: nowhere. */
static const char *
find_secret(const char *text)
{
	const char *token = token_find(text);

	return token == NULL ? NULL : token + TOKEN_SECRET_START;
}

/* Its length, even if the token is damaged. */
static size_t
secret_len(const char *text)
{
	size_t len = 0;

	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len;
}

/*
 * Adds a text, cut at max characters, with all but plain bytes as \xNN. A
 * token, perhaps typed in place of a name, becomes its id.
 */
static void
add_escaped(struct log_line *line, const char *text, size_t max, bool is_word)
{
	const char *secret = find_secret(text);
	size_t used = 0;

	while (*text != '\0') {
		unsigned char byte = (unsigned char)*text;
		char shown[5] = {*text};

		if (text == secret) {
			text += secret_len(text);
			secret = find_secret(text);
			strcpy(shown, "...");
		} else {
			if (!is_plain(byte, is_word))
				(void)snprintf(
				    shown, sizeof(shown), "\\x%02x", byte);
			text++;
		}
		used += strlen(shown);
		if (used > max) {
			log_line_text(line, "...");
			return;
		}
		log_line_text(line, shown);
	}
}

void
log_line_word(struct log_line *line, const char *value)
{
	if (value == NULL || value[0] == '\0')
		log_line_text(line, "-");
	else
		add_escaped(line, value, VALUE_MAX, true);
}

void
log_line_field(struct log_line *line, const char *name, const char *value)
{
	log_line_text(line, " ");
	log_line_text(line, name);
	log_line_text(line, "=");
	log_line_word(line, value);
}

void
log_line_sentence(struct log_line *line, const char *text)
{
	add_escaped(line, text, LOG_LINE_SIZE, false);
}
