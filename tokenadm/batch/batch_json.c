#include "batch/batch_json.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Where to put the next field. */
struct writer {
	char *at;
	size_t room;
};

static bool
write_bytes(struct writer *writer, const char *bytes, size_t len)
{
	if (len > writer->room)
		return false;
	memcpy(writer->at, bytes, len);
	writer->at += len;
	writer->room -= len;
	return true;
}

static bool
is_list(enum line_field field)
{
	return field == LINE_SERVICES || field == LINE_SCOPES ||
	    field == LINE_FROM;
}

static enum err
too_long(struct error *why)
{
	return error_set(why, ERR_INVALID,
	    "the values are longer than %d bytes together", LINE_MAX_LEN);
}

static enum err
wrong_type(enum line_field field, struct error *why)
{
	const char *other = "";

	if (is_list(field))
		other = " or an array of strings";
	else if (field == LINE_MAX_SESSIONS)
		other = " or a number";
	return error_set(why, ERR_INVALID, "%s: give a string%s",
	    line_field_name(field), other);
}

static enum err
write_array(struct writer *writer, enum line_field field, const json_t *array,
    struct error *why)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *word = json_array_get(array, i);
		const char *text = json_string_value(word);

		if (text == NULL)
			return wrong_type(field, why);
		/* A comma would split it in two. */
		if (text[0] == '\0' || strchr(text, ',') != NULL)
			return error_set(why, ERR_INVALID,
			    "%s `%.255s`: not one word of a list",
			    line_field_name(field), text);
		if ((i > 0 && !write_bytes(writer, ",", 1)) ||
		    !write_bytes(writer, text, json_string_length(word)))
			return too_long(why);
	}
	return ERR_OK;
}

static enum err
write_integer(struct writer *writer, const json_t *value, struct error *why)
{
	char text[24];
	int len = snprintf(
	    text, sizeof(text), "%lld", (long long)json_integer_value(value));

	return write_bytes(writer, text, (size_t)len) ? ERR_OK : too_long(why);
}

static enum err
write_value(struct writer *writer, enum line_field field, const json_t *value,
    struct error *why)
{
	enum err rc = ERR_OK;

	if (json_is_array(value) && is_list(field))
		rc = write_array(writer, field, value, why);
	else if (json_is_integer(value) && field == LINE_MAX_SESSIONS)
		rc = write_integer(writer, value, why);
	else if (!json_is_string(value))
		rc = wrong_type(field, why);
	else if (!write_bytes(writer, json_string_value(value),
		     json_string_length(value)))
		rc = too_long(why);
	if (rc == ERR_OK && !write_bytes(writer, "", 1))
		rc = too_long(why);
	return rc;
}

static bool
find_field(const char *key, enum line_field *field)
{
	for (size_t i = 0; i < LINE_FIELDS; i++) {
		*field = (enum line_field)i;
		if (strcmp(line_field_name(*field), key) == 0)
			return true;
	}
	return false;
}

static enum err
unknown_key(const char *key, struct error *why)
{
	char names[LINE_NAMES_SIZE];

	line_field_names(names);
	return error_set(
	    why, ERR_INVALID, "key `%.255s`: not one of %s", key, names);
}

static enum err
set_fields(struct line *line, json_t *object, struct error *why)
{
	struct writer writer = {line->text, sizeof(line->text)};
	enum err rc = ERR_OK;
	enum line_field field;
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		const char *start = writer.at;

		if (!find_field(key, &field))
			return unknown_key(key, why);
		if (json_is_null(value))
			continue;
		rc = write_value(&writer, field, value, why);
		if (rc != ERR_OK)
			return rc;
		line->fields[field] = start;
	}
	return rc;
}

enum err
batch_json_parse(
    struct line *line, const char *text, size_t len, struct error *why)
{
	json_error_t error;
	json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	enum err rc;

	if (object == NULL &&
	    json_error_code(&error) == json_error_out_of_memory)
		return error_plain(why, ERR_NOMEM);
	if (object == NULL)
		return error_set(why, ERR_INVALID, "not JSON, at byte %d: %s",
		    error.position, error.text);
	if (json_is_object(object))
		rc = set_fields(line, object, why);
	else
		rc = error_set(why, ERR_INVALID, "not a JSON object");
	json_decref(object);
	return rc;
}
