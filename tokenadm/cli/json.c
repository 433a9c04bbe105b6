#include "cli/json.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/network.h"
#include "cli/text.h"

#define TEXT_SIZE 4096 /* enough for most tokens */

json_t *
json_string_or_null(const char *text)
{
	return text[0] == '\0' ? json_null() : json_string(text);
}

static json_t *
time_or_null(int64_t when)
{
	char text[PARSE_TIME_LEN + 1] = "";

	if (when != TIME_NEVER)
		text_time(when, text);
	return json_string_or_null(text);
}

static json_t *
integer_or_null(uint64_t number)
{
	return number == 0 ? json_null() : json_integer((json_int_t)number);
}

/* Adds a string to *array; without memory, sets that to NULL. */
static void
append(json_t **array, const char *text)
{
	if (json_array_append_new(*array, json_string(text)) == 0)
		return;
	json_decref(*array);
	*array = NULL;
}

json_t *
json_list(const char *list)
{
	json_t *array = json_array();
	char word[LIST_WORD_MAX + 1];

	while (array != NULL && list_next(&list, word))
		append(&array, word);
	return array;
}

static json_t *
array_of_networks(const struct record *record)
{
	json_t *array = json_array();
	char text[NETWORK_TEXT_LEN + 1];

	for (size_t i = 0; array != NULL && i < record->from_count; i++) {
		network_format(&record->from[i], text);
		append(&array, text);
	}
	return array;
}

/* Adds a value; false if that is NULL, for lack of memory. */
static bool
put(json_t *object, const char *key, json_t *value)
{
	/* Our own keys are UTF-8: skip the check. */
	return json_object_set_new_nocheck(object, key, value) == 0;
}

/* A fleet's token has none: each machine binds it to one. */
static json_t *
uid_or_null(uid_t uid)
{
	return uid == (uid_t)-1 ? json_null() : json_integer((json_int_t)uid);
}

static json_t *
object_of(const struct record *record, const struct last_use *usage,
    const struct origin *origin, int64_t now)
{
	json_t *object = json_object();

	if (put(object, "id", json_string(record->id)) &&
	    put(object, "user", json_string(record->user)) &&
	    put(object, "uid", uid_or_null(record->uid)) &&
	    put(object, "name", json_string(record->name)) &&
	    put(object, "description",
		json_string_or_null(record->description)) &&
	    put(object, "services", json_list(record->services)) &&
	    put(object, "scopes", json_list(record->scopes)) &&
	    put(object, "from", array_of_networks(record)) &&
	    put(object, "state", json_string(text_state(record, now))) &&
	    put(object, "reason", json_string_or_null(text_reason(record))) &&
	    put(object, "created", time_or_null(record->created.at)) &&
	    put(object, "created_by",
		json_string_or_null(record->created.by)) &&
	    put(object, "changed", time_or_null(record->changed.at)) &&
	    put(object, "changed_by",
		json_string_or_null(record->changed.by)) &&
	    put(object, "change",
		json_string_or_null(record->changed.reason)) &&
	    put(object, "expires", time_or_null(record->expires)) &&
	    put(object, "lifetime",
		json_string_or_null(record_lifetime_name(record->lifetime))) &&
	    put(object, "starts", time_or_null(record->starts)) &&
	    put(object, "max_sessions",
		integer_or_null(record->max_sessions)) &&
	    put(object, "short", json_boolean(record->is_short)) &&
	    put(object, "preset", json_string_or_null(record->preset)) &&
	    put(object, "logo",
		json_string_or_null(picture_type_name(record->logo))) &&
	    put(object, "last_used", time_or_null(usage->at)) &&
	    put(object, "last_used_from", json_string_or_null(usage->from)) &&
	    put(object, "last_used_service",
		json_string_or_null(usage->service)) &&
	    put(object, "use_count", integer_or_null(usage->count)) &&
	    put(object, "ended", time_or_null(record->ended.at)) &&
	    put(object, "ended_by", json_string_or_null(record->ended.by)) &&
	    put(object, "approved", time_or_null(record->approved.at)) &&
	    put(object, "approved_by",
		json_string_or_null(record->approved.by)) &&
	    put(object, "replaces", json_string_or_null(record->predecessor)) &&
	    put(object, "replaced_by",
		json_string_or_null(record->successor)) &&
	    put(object, "issuer", json_string_or_null(origin->issuer)) &&
	    put(object, "hosts", json_list(origin->hosts)))
		return object;
	json_decref(object);
	return NULL;
}

enum err
json_print(const json_t *object, FILE *file)
{
	/* In one piece if it fits: json_dumpf writes each word by itself. */
	char text[TEXT_SIZE];
	size_t len = json_dumpb(
	    object, text, sizeof(text), JSON_PRESERVE_ORDER);

	if (len > 0 && len <= sizeof(text)) {
		(void)fwrite(text, 1, len, file);
		return ERR_OK;
	}
	/* A write error is reported when the file is flushed. */
	return json_dumpf(object, file, JSON_PRESERVE_ORDER) == 0 ||
		ferror(file)
	    ? ERR_OK
	    : ERR_NOMEM;
}

json_t *
json_text(const char *text)
{
	json_t *string = NULL;
	char *copy = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&copy, &size);

	if (stream == NULL)
		return NULL;
	text_print(stream, text);
	if (fclose(stream) == 0)
		string = json_string(copy);
	free(copy);
	return string;
}

json_t *
json_text_or_null(const char *text)
{
	return text[0] == '\0' ? json_null() : json_text(text);
}

void
json_begin(struct json_stream *stream, FILE *file, const char *what)
{
	*stream = (struct json_stream){.file = file, .what = what};
}

static void
begin_object(struct json_stream *stream)
{
	if (stream->any)
		fputs(",\n", stream->file);
	else
		fprintf(stream->file, "{\"%s\": [\n", stream->what);
}

enum err
json_add(struct json_stream *stream, json_t *object)
{
	enum err rc = ERR_NOMEM;

	if (object != NULL) {
		begin_object(stream);
		rc = json_print(object, stream->file);
		stream->any = true;
	}
	json_decref(object);
	return rc;
}

char *
json_token_line(const struct record *record, const struct last_use *usage,
    const struct origin *origin, int64_t now)
{
	json_t *object = object_of(record, usage, origin, now);
	char *line = NULL;

	if (object != NULL)
		line = json_dumps(object, JSON_PRESERVE_ORDER);
	json_decref(object);
	return line;
}

enum err
json_token(struct json_stream *stream, const struct record *record,
    const struct last_use *usage, const struct origin *origin, int64_t now)
{
	return json_add(stream, object_of(record, usage, origin, now));
}

void
json_end_array(struct json_stream *stream)
{
	if (!stream->any)
		fprintf(stream->file, "{\"%s\": [", stream->what);
	fputs(stream->any ? "\n]" : "]", stream->file);
}

void
json_end(struct json_stream *stream, enum err rc)
{
	if (rc != ERR_OK && !stream->any)
		return;
	json_end_array(stream);
	fputs("}\n", stream->file);
}
