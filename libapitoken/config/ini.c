#include "config/ini.h"

#include <string.h>

#define LINE_MAX_LEN 1024
#define BLANKS " \t"

enum err
ini_error(const struct ini *ini, const char *what, const char *value)
{
	return error_set(ini->why, ERR_CONFIG, "%s:%u: %s%s%s", ini->name,
	    ini->line, what, value[0] != '\0' ? ": " : "", value);
}

static void
trim_end(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && strchr(BLANKS, text[len - 1]) != NULL)
		text[--len] = '\0';
}

char *
ini_trim(char *text)
{
	trim_end(text);
	return text + strspn(text, BLANKS);
}

static enum err
parse_section(struct ini *ini, char *line)
{
	size_t len = strlen(line);

	if (line[len - 1] != ']')
		return ini_error(ini, "a section is written [name]", line);
	line[len - 1] = '\0';
	return ini->section(ini, line + 1);
}

static enum err
parse_setting(struct ini *ini, char *line)
{
	char *equals = strchr(line, '=');

	if (equals == NULL)
		return ini_error(ini, "no `=` in this line", line);
	*equals = '\0';
	trim_end(line);
	return ini->setting(ini, line, equals + 1 + strspn(equals + 1, BLANKS));
}

/* Judges one line, which it may change. */
static enum err
parse_line(struct ini *ini, char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (((unsigned char)line[i] < ' ' && line[i] != '\t') ||
		    line[i] == 0x7f)
			return ini_error(
			    ini, "control character (Windows line ends?)", "");
	}
	trim_end(line);
	if (line[0] == '\0' || line[0] == '#')
		return ERR_OK;
	if (strchr(BLANKS, line[0]) != NULL)
		return ini_error(ini, "an indented line", "");
	return line[0] == '[' ? parse_section(ini, line)
			      : parse_setting(ini, line);
}

enum err
ini_parse(struct ini *ini, const char *text, size_t len)
{
	const char *end = text + len;
	enum err rc = ERR_OK;

	ini->line = 0;
	while (rc == ERR_OK && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline != NULL ? newline : end;
		size_t line_len = (size_t)(stop - text);
		char line[LINE_MAX_LEN + 1];

		ini->line++;
		if (line_len > LINE_MAX_LEN)
			return ini_error(ini, "the line is too long", "");
		memcpy(line, text, line_len);
		line[line_len] = '\0';
		rc = parse_line(ini, line, line_len);
		text = stop + 1;
	}
	return rc;
}
