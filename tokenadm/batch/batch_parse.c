#include "batch/batch_parse.h"

#include <stdbool.h>
#include <string.h>

#include "batch/batch_json.h"

#define BOM "\xef\xbb\xbf"
#define BOM_LEN (sizeof(BOM) - 1)

static bool
has_bom(const char *text, size_t len)
{
	return len >= BOM_LEN && memcmp(text, BOM, BOM_LEN) == 0;
}

enum line_format
line_guess_format(const char *text, size_t len)
{
	size_t start = has_bom(text, len) ? BOM_LEN : 0;

	return len > start && text[start] == '{' ? LINE_JSON : LINE_TABS;
}

/* Checks for what no line may have in either format. */
static enum err
check_bytes(const char *text, size_t len, struct error *why)
{
	if (len > LINE_MAX_LEN)
		return error_set(why, ERR_INVALID,
		    "the line is longer than %d bytes", LINE_MAX_LEN);
	if (len == 0)
		return error_set(why, ERR_INVALID, "the line is empty");
	if (has_bom(text, len))
		return error_set(why, ERR_INVALID,
		    "a byte order mark; save the file as UTF-8 without BOM");
	if (memchr(text, '\0', len) != NULL)
		return error_set(
		    why, ERR_INVALID, "a NUL byte; the file must be text");
	if (text[len - 1] == '\r')
		return error_set(why, ERR_INVALID,
		    "the line ends in CR LF; save the file with Unix line "
		    "ends (LF)");
	return ERR_OK;
}

/* Splits a line at its tabs. */
static enum err
split(struct line *line, const char *text, size_t len, struct error *why)
{
	char names[LINE_NAMES_SIZE], *rest = line->text;
	size_t count = 0;

	memcpy(line->text, text, len);
	line->text[len] = '\0';
	while (rest != NULL) {
		char *field = strsep(&rest, "\t");

		if (count < LINE_FIELDS)
			line->fields[count] = field;
		count++;
	}
	if (count == 1)
		return error_set(why, ERR_INVALID,
		    "no tab in this line: fields are separated by tabs");
	if (count <= LINE_FIELDS)
		return ERR_OK;
	line_field_names(names);
	return error_set(why, ERR_INVALID,
	    "%zu fields, where there can be %d: %s", count, LINE_FIELDS, names);
}

enum err
line_parse(struct line *line, enum line_format format, const char *text,
    size_t len, struct error *why)
{
	enum err rc = check_bytes(text, len, why);

	for (size_t i = 0; i < LINE_FIELDS; i++)
		line->fields[i] = "";
	if (rc == ERR_OK)
		rc = format == LINE_JSON
		    ? batch_json_parse(line, text, len, why)
		    : split(line, text, len, why);
	for (size_t i = 0; rc == ERR_OK && i < LINE_FIELDS; i++)
		rc = line_check_field(line, (enum line_field)i, why);
	return rc;
}
