/*
 * A line of a batch, in either format. What is accepted is within its limits,
 * and is the same again when it is written in both formats.
 */
#include "fuzz.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "batch/batch_parse.h"
#include "token/record.h"

static enum err
parse(struct line *line, enum line_format format, const char *text, size_t len)
{
	uint8_t *copy = fuzz_copy((const uint8_t *)text, len);
	struct error why = {""};
	enum err rc = line_parse(line, format, (const char *)copy, len, &why);

	FUZZ_REQUIRE(rc == ERR_OK || rc == ERR_INVALID);
	FUZZ_REQUIRE((rc == ERR_OK) == (why.text[0] == '\0'));
	free(copy);
	return rc;
}

static void
check_fields(const struct line *line)
{
	size_t total = 0;

	for (unsigned i = 0; i < LINE_FIELDS; i++) {
		const char *value = line_get(line, (enum line_field)i);
		json_t *string = json_string(value);

		/* jansson has its own rules for UTF-8. */
		FUZZ_REQUIRE(string != NULL);
		json_decref(string);
		FUZZ_REQUIRE(strpbrk(value, "\t\r\n\x1b\x7f") == NULL);
		total += strlen(value);
	}
	FUZZ_REQUIRE(total <= LINE_MAX_LEN);
	FUZZ_REQUIRE(line_get(line, LINE_USER)[0] != '\0');
	FUZZ_REQUIRE(line_get(line, LINE_NAME)[0] != '\0');
	FUZZ_REQUIRE(strlen(line_get(line, LINE_USER)) <= RECORD_USER_MAX);
	FUZZ_REQUIRE(strlen(line_get(line, LINE_NAME)) <= PARSE_NAME_MAX);
	FUZZ_REQUIRE(strlen(line_get(line, LINE_EXPIRES)) <= PARSE_TIME_LEN);
	FUZZ_REQUIRE(
	    strlen(line_get(line, LINE_DESCRIPTION)) <= PARSE_DESCRIPTION_MAX);
}

static void
check_same(const struct line *line, enum line_format format, const char *text)
{
	static struct line again;
	size_t len = strlen(text);

	/* What just fits in one format may not fit in the other. */
	if (len > LINE_MAX_LEN)
		return;
	FUZZ_REQUIRE(parse(&again, format, text, len) == ERR_OK);
	for (unsigned i = 0; i < LINE_FIELDS; i++)
		FUZZ_REQUIRE(strcmp(line_get(line, (enum line_field)i),
				 line_get(&again, (enum line_field)i)) == 0);
}

static void
check_tabs(const struct line *line)
{
	char text[2 * LINE_MAX_LEN];
	size_t len = 0;

	for (unsigned i = 0; i < LINE_FIELDS; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
		    i == 0 ? "" : "\t", line_get(line, (enum line_field)i));
	/* Such a line would be taken for one with a byte order mark. */
	if (strncmp(text, "\xef\xbb\xbf", 3) != 0)
		check_same(line, LINE_TABS, text);
}

static void
check_json(const struct line *line)
{
	json_t *object = json_object();
	char *text;

	FUZZ_REQUIRE(object != NULL);
	for (unsigned i = 0; i < LINE_FIELDS; i++)
		FUZZ_REQUIRE(
		    json_object_set_new(object,
			line_field_name((enum line_field)i),
			json_string(line_get(line, (enum line_field)i))) == 0);
	text = json_dumps(object, JSON_COMPACT);
	FUZZ_REQUIRE(text != NULL);
	check_same(line, LINE_JSON, text);
	free(text);
	json_decref(object);
}

/* The words of an array, separated by commas. */
static void
check_words(const json_t *array, const char *value)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *word = json_string_value(json_array_get(array, i));

		FUZZ_REQUIRE(word != NULL && word[0] != '\0');
		FUZZ_REQUIRE(strchr(word, ',') == NULL);
		FUZZ_REQUIRE(i == 0 || *value++ == ',');
		FUZZ_REQUIRE(strncmp(value, word, strlen(word)) == 0);
		value += strlen(word);
	}
	FUZZ_REQUIRE(value[0] == '\0');
}

static void
check_number(const json_t *number, const char *value)
{
	char text[24];

	(void)snprintf(
	    text, sizeof(text), "%lld", (long long)json_integer_value(number));
	FUZZ_REQUIRE(strcmp(text, value) == 0);
}

/* What jansson reads there; null is nothing. */
static void
check_value(enum line_field field, const json_t *one, const char *value)
{
	if (json_is_array(one))
		check_words(one, value);
	else if (json_is_integer(one) && field == LINE_MAX_SESSIONS)
		check_number(one, value);
	else if (one == NULL || json_is_null(one))
		FUZZ_REQUIRE(value[0] == '\0');
	else
		FUZZ_REQUIRE(json_is_string(one) &&
		    strcmp(json_string_value(one), value) == 0);
}

/* An object has these keys and no others. */
static void
check_object(const struct line *line, const char *text, size_t len)
{
	json_t *object = json_loadb(text, len, 0, NULL);
	size_t found = 0;

	FUZZ_REQUIRE(object != NULL);
	for (unsigned i = 0; i < LINE_FIELDS; i++) {
		const json_t *one = json_object_get(
		    object, line_field_name((enum line_field)i));

		found += one != NULL;
		check_value((enum line_field)i, one,
		    line_get(line, (enum line_field)i));
	}
	FUZZ_REQUIRE(json_object_size(object) == found);
	json_decref(object);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct line line;
	const char *text = (const char *)data;
	enum line_format format = line_guess_format(text, size);

	if (parse(&line, format, text, size) != ERR_OK)
		return 0;
	check_fields(&line);
	if (format == LINE_JSON)
		check_object(&line, text, size);
	check_tabs(&line);
	check_json(&line);
	return 0;
}
