#include "login/log_line.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "token/token.h"

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

#define SHOWN_SIZE (TOKEN_SECRET_START + sizeof("..."))

/*
 * Sets what is shown of the token at text, damaged or not: its public part, and
 * that something follows. Returns the length of all of it.
 */
static size_t
show_token(char shown[SHOWN_SIZE], const char *text)
{
	char id[TOKEN_ID_LEN + 1];
	size_t len = token_span(text);

	(void)token_parse(text, id);
	(void)snprintf(shown, SHOWN_SIZE, TOKEN_PREFIX "%s_%s", id,
	    len > TOKEN_SECRET_START ? "..." : "");
	return len;
}

/*
 * Adds a text, cut at max characters, with all but plain bytes as \xNN. A
 * token, perhaps typed in place of a name, becomes its id.
 */
static void
add_escaped(struct log_line *line, const char *text, size_t max, bool is_word)
{
	const char *token = token_find(text);
	size_t used = 0;

	while (*text != '\0') {
		unsigned char byte = (unsigned char)*text;
		char shown[SHOWN_SIZE] = {*text};

		if (text == token) {
			text += show_token(shown, text);
			token = token_find(text);
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

static void
add_word(struct log_line *line, const char *value, size_t most)
{
	if (value == NULL || value[0] == '\0')
		log_line_text(line, "-");
	else
		add_escaped(line, value, most, true);
}

void
log_line_word(struct log_line *line, const char *value)
{
	add_word(line, value, LOG_LINE_VALUE_MAX);
}

void
log_line_field_cut(
    struct log_line *line, const char *name, const char *value, size_t most)
{
	log_line_text(line, " ");
	log_line_text(line, name);
	log_line_text(line, "=");
	add_word(line, value, most);
}

void
log_line_field(struct log_line *line, const char *name, const char *value)
{
	log_line_field_cut(line, name, value, LOG_LINE_VALUE_MAX);
}

void
log_line_sentence(struct log_line *line, const char *text)
{
	add_escaped(line, text, LOG_LINE_SIZE, false);
}
