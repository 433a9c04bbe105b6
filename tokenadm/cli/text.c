#include "cli/text.h"

#include <string.h>

#include "base/network.h"
#include "base/parse.h"
#include "token/token.h"

/* Length in bytes of the printable character at text; 0 if there is none. */
static size_t
printable_len(const char *text)
{
	char one[5];

	for (size_t len = 1; len <= 4 && text[len - 1] != '\0'; len++) {
		memcpy(one, text, len);
		one[len] = '\0';
		if (parse_is_printable(one, len))
			return len;
	}
	return 0;
}

/* Prints the id of the token at text, and no more; returns its length. */
static size_t
print_token(FILE *stream, const char *text)
{
	char id[TOKEN_ID_LEN + 1];

	(void)token_parse(text, id);
	fprintf(stream, TOKEN_PREFIX "%s_...", id);
	return token_span(text);
}

void
text_print(FILE *stream, const char *text)
{
	while (*text != '\0') {
		size_t len = printable_len(text);

		if (token_has_shape(text)) {
			text += print_token(stream, text);
		} else if (len > 0) {
			(void)fwrite(text, 1, len, stream);
			text += len;
		} else {
			fprintf(stream, "\\x%02x", (unsigned char)*text++);
		}
	}
}

void
text_print_name(FILE *stream, const struct record *record)
{
	text_print(stream, record->user);
	fputc('/', stream);
	text_print(stream, record->name);
}

enum err
text_flush(FILE *stream)
{
	return fflush(stream) == 0 && !ferror(stream) ? ERR_OK : ERR_SYSTEM;
}

enum err
text_not_written(struct error *why)
{
	return error_set(
	    why, ERR_SYSTEM, "standard output: cannot write all of it");
}

const char *
text_state(const struct record *record, int64_t now)
{
	if (now >= record->expires)
		return "expired";
	if (record->state == RECORD_ACTIVE && !record_has_started(record, now))
		return "not-yet";
	return record_state_name(record->state);
}

const char *
text_reason(const struct record *record)
{
	return record->state == RECORD_ACTIVE ? "" : record->ended.reason;
}

void
text_max_sessions(
    const struct record *record, char text[TEXT_MAX_SESSIONS_SIZE])
{
	text[0] = '\0';
	if (record->max_sessions != 0)
		(void)snprintf(text, TEXT_MAX_SESSIONS_SIZE, "%lu",
		    (unsigned long)record->max_sessions);
}

void
text_time(int64_t when, char text[PARSE_TIME_LEN + 1])
{
	if (when == TIME_NEVER)
		strcpy(text, "never");
	else if (when == 0)
		text[0] = '\0';
	else
		parse_format_time(when, text);
}

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define NEAR (100 * DAY)
#define SPAN_SIZE 12
#define DATE_LEN 10 /* of 2027-01-31T12:00:00Z */

/* From two of a unit on, and rounded down, so that no time is left too long. */
static void
format_span(int64_t span, char text[SPAN_SIZE])
{
	static const struct {
		int64_t seconds;
		const char *name;
	} UNITS[] = {{DAY, "d"}, {HOUR, "h"}, {MINUTE, "min"}, {1, "s"}};
	size_t i = 0;

	while (UNITS[i].seconds > 1 && span < 2 * UNITS[i].seconds)
		i++;
	(void)snprintf(text, SPAN_SIZE, "%d %s", (int)(span / UNITS[i].seconds),
	    UNITS[i].name);
}

static bool
is_near(int64_t when, int64_t now)
{
	return when != 0 && when != TIME_NEVER &&
	    (when > now ? when - now : now - when) < NEAR;
}

static void
format_near(int64_t when, int64_t now, char text[PARSE_TIME_LEN + 1])
{
	char span[SPAN_SIZE];

	format_span(when > now ? when - now : now - when, span);
	(void)snprintf(text, PARSE_TIME_LEN + 1, "%s%s%s",
	    when > now ? "in " : "", span, when > now ? "" : " ago");
}

void
text_time_near(int64_t when, int64_t now, char text[PARSE_TIME_LEN + 1])
{
	text_time(when, text);
	if (is_near(when, now))
		format_near(when, now, text);
	else if (when != 0 && when != TIME_NEVER)
		text[DATE_LEN] = '\0';
}

void
text_time_both(int64_t when, int64_t now, char text[TEXT_TIME_BOTH_SIZE])
{
	char near[PARSE_TIME_LEN + 1];
	size_t len;

	text_time(when, text);
	if (!is_near(when, now))
		return;
	format_near(when, now, near);
	len = strlen(text);
	(void)snprintf(text + len, TEXT_TIME_BOTH_SIZE - len, " (%s)", near);
}

char *
text_networks(const struct record *record)
{
	char *all = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&all, &size);

	if (stream == NULL)
		return NULL;
	for (size_t i = 0; i < record->from_count; i++) {
		char one[NETWORK_TEXT_LEN + 1];

		network_format(&record->from[i], one);
		fprintf(stream, "%s%s", i == 0 ? "" : ",", one);
	}
	return fclose(stream) == 0 ? all : NULL;
}
