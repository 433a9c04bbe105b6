#include "batch/batch_line.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/parse.h"
#include "token/record.h"

#define NUMBER_MAX 20   /* bytes of a JSON number */
#define LISTED_MAX 4096 /* bytes of a list as a person writes it */

struct rule {
	const char *name;
	size_t max;     /* bytes */
	bool is_needed; /* there is no default */
};

static const struct rule RULES[LINE_FIELDS] = {
    [LINE_USER] = {"user", RECORD_USER_MAX, true},
    [LINE_NAME] = {"name", PARSE_NAME_MAX, true},
    [LINE_SERVICES] = {"services", LISTED_MAX, false},
    [LINE_SCOPES] = {"scopes", LISTED_MAX, false},
    [LINE_EXPIRES] = {"expires", PARSE_TIME_LEN, false},
    [LINE_FROM] = {"from", LISTED_MAX, false},
    [LINE_DESCRIPTION] = {"description", PARSE_DESCRIPTION_MAX, false},
    [LINE_STARTS] = {"starts", PARSE_TIME_LEN, false},
    [LINE_MAX_SESSIONS] = {"max_sessions", NUMBER_MAX, false},
};

const char *
line_field_name(enum line_field field)
{
	return RULES[field].name;
}

void
line_field_names(char text[LINE_NAMES_SIZE])
{
	size_t len = 0;

	for (unsigned i = 0; i < LINE_FIELDS; i++)
		len += (size_t)snprintf(text + len, LINE_NAMES_SIZE - len,
		    "%s%s", i == 0 ? "" : ", ", RULES[i].name);
}

const char *
line_get(const struct line *line, enum line_field field)
{
	return line->fields[field];
}

static enum err
is_missing(enum line_field field, struct error *why)
{
	return error_set(
	    why, ERR_INVALID, "%s: has to be given", line_field_name(field));
}

enum err
line_check_services(const struct line *line, struct error *why)
{
	return line_get(line, LINE_SERVICES)[0] != '\0'
	    ? ERR_OK
	    : is_missing(LINE_SERVICES, why);
}

enum err
line_check_field(
    const struct line *line, enum line_field field, struct error *why)
{
	const struct rule *rule = &RULES[field];
	const char *value = line->fields[field];
	size_t len = strlen(value);

	if (len == 0 && rule->is_needed)
		return is_missing(field, why);
	if (len > rule->max)
		return error_set(why, ERR_INVALID,
		    "%s `%.40s...`: longer than %zu bytes", rule->name, value,
		    rule->max);
	if (len > 0 && !parse_is_printable(value, len))
		return error_set(why, ERR_INVALID,
		    "%s `%.255s`: not printable UTF-8", rule->name, value);
	return ERR_OK;
}
