#include "notify/notice_text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "cli/json.h"
#include "cli/text.h"

const char *
notice_kind_name(enum notice_kind kind)
{
	return kind == NOTICE_ENDED ? "ended" : "expires";
}

/* What expires or has expired is rotated; what was deactivated may come back.
 */
void
notice_next(const struct notice *notice, char text[NOTICE_NEXT_SIZE])
{
	const struct record *record = notice->record;
	const char *verb = "rotate";

	if (notice->kind == NOTICE_ENDED && record->state != RECORD_ACTIVE &&
	    notice->ended != record->expires)
		verb = record->state == RECORD_DEACTIVATED ? "approve" : "";
	if (verb[0] == '\0')
		(void)snprintf(text, NOTICE_NEXT_SIZE, "tokenadm issue");
	else
		(void)snprintf(
		    text, NOTICE_NEXT_SIZE, "tokenadm %s %s", verb, record->id);
}

static json_t *
services_of(const struct record *record)
{
	const char *rest = record->services;
	json_t *array = json_array();
	char word[LIST_WORD_MAX + 1];

	while (array != NULL && list_next(&rest, word))
		(void)json_array_append_new(array, json_string(word));
	return array;
}

static json_t *
time_of(int64_t when)
{
	char text[PARSE_TIME_LEN + 1] = "";

	if (when != TIME_NEVER)
		text_time(when, text);
	return json_string_or_null(text);
}

json_t *
notice_json(const struct notice *notice)
{
	const struct record *record = notice->record;
	bool is_end = notice->kind == NOTICE_ENDED;
	char next[NOTICE_NEXT_SIZE];

	notice_next(notice, next);
	return json_pack("{s:s, s:s, s:s, s:I, s:s, s:o, s:s, s:o, s:o, s:o, "
			 "s:o, s:s}",
	    "notice", notice_kind_name(notice->kind), "id", record->id, "user",
	    record->user, "uid", (json_int_t)record->uid, "name", record->name,
	    "services", services_of(record), "state",
	    text_state(record, notice->now), "reason",
	    json_string_or_null(text_reason(record)), "expires",
	    time_of(record->expires), "ended", time_of(notice->ended), "before",
	    is_end ? json_null() : json_integer(notice->before), "next", next);
}

/* As an address that no mail system takes for anything but a local user. */
static bool
is_mailable(const char *user)
{
	return user[0] != '-' && user[0] != '.' &&
	    user[strspn(user,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789._+-")] == '\0';
}

/* Ids and states only: they need no encoding. */
static void
print_head(FILE *file, const struct notice *notice)
{
	fprintf(file,
	    "To: %s\nSubject: API token %s %s\nAuto-Submitted: "
	    "auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; "
	    "charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n",
	    notice->record->user, notice->record->id,
	    notice->kind == NOTICE_ENDED ? "has ended" : "expires soon");
}

static void
print_body(FILE *file, const struct notice *notice)
{
	const struct record *record = notice->record;
	char when[PARSE_TIME_LEN + 1], next[NOTICE_NEXT_SIZE];

	notice_next(notice, next);
	fputs("Your API token \"", file);
	text_print(file, record->name);
	fprintf(file, "\" (%s, for %s)\n", record->id, record->services);
	if (notice->kind == NOTICE_ENDED) {
		text_time(notice->ended, when);
		fprintf(file, "is %s since %s", text_state(record, notice->now),
		    when);
	} else {
		text_time(record->expires, when);
		fprintf(file, "expires at %s", when);
	}
	if (notice->kind == NOTICE_ENDED && text_reason(record)[0] != '\0') {
		fputs(": ", file);
		text_print(file, text_reason(record));
	}
	fprintf(file,
	    ".\n\nThe administrator of this machine can give you a new one, "
	    "or this one back:\n\n    # %s\n",
	    next);
}

enum err
notice_mail(const struct notice *notice, char **text, struct error *why)
{
	size_t size = 0;
	FILE *file;

	*text = NULL;
	if (!is_mailable(notice->record->user))
		return error_set(why, ERR_INVALID,
		    "user `%s`: no mail can be sent to this name",
		    notice->record->user);
	file = open_memstream(text, &size);
	if (file == NULL)
		return error_plain(why, ERR_NOMEM);
	print_head(file, notice);
	print_body(file, notice);
	return fclose(file) == 0 ? ERR_OK : error_plain(why, ERR_NOMEM);
}
