#include "tokens/changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

static char *
name_of(const struct record *record)
{
	return strdup(record->name);
}

static char *
description_of(const struct record *record)
{
	return strdup(record->description);
}

static char *
services_of(const struct record *record)
{
	return strdup(record->services);
}

static char *
scopes_of(const struct record *record)
{
	return strdup(record->scopes);
}

static char *
networks_of(const struct record *record)
{
	return record->from_count == 0 ? strdup("any") : text_networks(record);
}

static char *
copy_time(int64_t when)
{
	char text[PARSE_TIME_LEN + 1];

	text_time(when, text);
	return strdup(text);
}

static char *
expiry_of(const struct record *record)
{
	return copy_time(record->expires);
}

static char *
start_of(const struct record *record)
{
	return copy_time(record->starts);
}

static char *
max_sessions_of(const struct record *record)
{
	char text[TEXT_MAX_SESSIONS_SIZE];

	text_max_sessions(record, text);
	return strdup(text);
}

/* `image/png 0123456789abcdef`: which one it is. */
static char *
logo_of(const struct record *record)
{
	char *text;

	if (record->logo == PICTURE_NONE)
		return strdup("");
	return asprintf(&text, "%s %016llx", picture_type_name(record->logo),
		   (unsigned long long)record->logo_mark) >= 0
	    ? text
	    : NULL;
}

/* What edit can change, as its options take it; "" for nothing. */
static const struct {
	const char *name;
	char *(*value_of)(const struct record *record);
} FIELDS[] = {
    {"name", name_of},
    {"description", description_of},
    {"services", services_of},
    {"scopes", scopes_of},
    {"from", networks_of},
    {"expires", expiry_of},
    {"starts", start_of},
    {"max_sessions", max_sessions_of},
    {"logo", logo_of},
};

#define FIELD_COUNT (sizeof(FIELDS) / sizeof(FIELDS[0]))
_Static_assert(FIELD_COUNT <= CHANGES_MAX, "a change for each field");

enum err
changes_find(struct changes *changes, const struct record *before,
    const struct record *after)
{
	*changes = (struct changes){.count = 0};
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		struct change *next = &changes->list[changes->count];

		next->field = FIELDS[i].name;
		next->before = FIELDS[i].value_of(before);
		next->after = FIELDS[i].value_of(after);
		/* What is kept, or was made in vain, is freed at the end. */
		changes->count++;
		if (next->before == NULL || next->after == NULL)
			return ERR_NOMEM;
		if (strcmp(next->before, next->after) != 0)
			continue;
		free(next->before);
		free(next->after);
		changes->count--;
	}
	return ERR_OK;
}

void
changes_free(struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		free(changes->list[i].before);
		free(changes->list[i].after);
	}
	changes->count = 0;
}

#define CUT "..."
#define CUT_LEN (sizeof(CUT) - 1)

/* Adds a text if all of it fits. */
static bool
add(char text[RECORD_REASON_MAX + 1], const char *more, size_t len)
{
	size_t used = strlen(text);

	if (len > RECORD_REASON_MAX - used)
		return false;
	memcpy(text + used, more, len);
	text[used + len] = '\0';
	return true;
}

/* Adds at most `most` bytes of a value, cut between characters. */
static bool
add_value(char text[RECORD_REASON_MAX + 1], const char *value, size_t most)
{
	size_t len = strlen(value);

	if (len == 0)
		return add(text, "-", 1);
	if (len <= most)
		return add(text, value, len);
	len = most - CUT_LEN;
	while (len > 0 && ((unsigned char)value[len] & 0xc0) == 0x80)
		len--;
	return add(text, value, len) && add(text, CUT, CUT_LEN);
}

/* Writes all changes, with at most `most` bytes of a value, if they fit. */
static bool
write_all(const struct changes *changes, size_t most,
    char text[RECORD_REASON_MAX + 1])
{
	bool fits = true;

	text[0] = '\0';
	for (size_t i = 0; fits && i < changes->count; i++) {
		const struct change *change = &changes->list[i];

		fits = add(text, "; ", i == 0 ? 0 : 2) &&
		    add(text, change->field, strlen(change->field)) &&
		    add(text, ": ", 2) &&
		    add_value(text, change->before, most) &&
		    add(text, " -> ", 4) &&
		    add_value(text, change->after, most);
	}
	return fits;
}

void
changes_text(const struct changes *changes, char text[RECORD_REASON_MAX + 1])
{
	size_t most = RECORD_REASON_MAX;

	while (most > CUT_LEN && !write_all(changes, most, text))
		most--;
}
