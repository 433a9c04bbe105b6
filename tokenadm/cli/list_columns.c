#include "cli/list_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/list.h"
#include "cli/similar.h"
#include "cli/text.h"

static const char *const NAMES[COLUMN_COUNT] = {
    [COLUMN_ID] = "ID",
    [COLUMN_USER] = "USER",
    [COLUMN_UID] = "UID",
    [COLUMN_NAME] = "NAME",
    [COLUMN_DESCRIPTION] = "DESCRIPTION",
    [COLUMN_SERVICES] = "SERVICES",
    [COLUMN_SCOPES] = "SCOPES",
    [COLUMN_FROM] = "FROM",
    [COLUMN_STATE] = "STATE",
    [COLUMN_REASON] = "REASON",
    [COLUMN_CREATED] = "CREATED",
    [COLUMN_CREATED_BY] = "CREATED_BY",
    [COLUMN_CHANGED] = "CHANGED",
    [COLUMN_CHANGED_BY] = "CHANGED_BY",
    [COLUMN_CHANGE] = "CHANGE",
    [COLUMN_EXPIRES] = "EXPIRES",
    [COLUMN_LIFETIME] = "LIFETIME",
    [COLUMN_STARTS] = "STARTS",
    [COLUMN_MAX_SESSIONS] = "MAX_SESSIONS",
    [COLUMN_SHORT] = "SHORT",
    [COLUMN_PRESET] = "PRESET",
    [COLUMN_LOGO] = "LOGO",
    [COLUMN_LAST_USED] = "LAST_USED",
    [COLUMN_LAST_USED_FROM] = "LAST_USED_FROM",
    [COLUMN_LAST_USED_SERVICE] = "LAST_USED_SERVICE",
    [COLUMN_USE_COUNT] = "USE_COUNT",
    [COLUMN_ISSUER] = "ISSUER",
    [COLUMN_HOSTS] = "HOSTS",
    [COLUMN_REPLACED_BY] = "REPLACED_BY",
};

const struct origin origin_here = {"", ""};

const char *
columns_name(enum column column)
{
	return NAMES[column];
}

#define WIDTH 79

void
columns_print_names(void)
{
	size_t width = WIDTH;

	fputs("\nColumns:", stdout);
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		size_t len = strlen(NAMES[i]) + 1;

		if (width + len > WIDTH) {
			fputs("\n ", stdout);
			width = 1;
		}
		printf(" %s", NAMES[i]);
		width += len;
	}
	putchar('\n');
}

/*
 * The id is what every other command takes. Which of two is the old one counts
 * for more than where either was used.
 */
struct column_fit
columns_fit(enum column column)
{
	static const struct column_fit FIT[COLUMN_COUNT] = {
	    [COLUMN_ID] = {.weight = 9},
	    [COLUMN_NAME] = {.weight = 8, .least = 12},
	    [COLUMN_USER] = {.weight = 7, .least = 8},
	    [COLUMN_STATE] = {.weight = 6},
	    [COLUMN_EXPIRES] = {.weight = 5},
	    [COLUMN_SERVICES] = {.weight = 4, .least = 11},
	    [COLUMN_REPLACED_BY] = {.weight = 3},
	    [COLUMN_SCOPES] = {.weight = 2, .least = 10},
	    [COLUMN_LAST_USED] = {.weight = 1},
	};

	return FIT[column];
}

bool
columns_are_times(enum column column)
{
	return column == COLUMN_CREATED || column == COLUMN_CHANGED ||
	    column == COLUMN_STARTS || column == COLUMN_EXPIRES ||
	    column == COLUMN_LAST_USED;
}

static enum err
no_column(const char *name, struct error *why)
{
	char hint[SIMILAR_HINT_SIZE];
	struct similar similar;

	similar_begin(&similar, name);
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		similar_offer(&similar, NAMES[i]);
	similar_hint(&similar, hint);
	return error_set(why, ERR_INVALID,
	    "column `%s`: tokenadm(8) lists the columns%s", name, hint);
}

static enum err
find_name(const char *name, enum column *column, struct error *why)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (strcasecmp(NAMES[i], name) == 0) {
			*column = (enum column)i;
			return ERR_OK;
		}
	}
	return no_column(name, why);
}

static bool
is_word(const char *word)
{
	return word[0] != '\0';
}

enum err
columns_parse(struct columns *columns, const char *text, struct error *why)
{
	char list[512], word[LIST_WORD_MAX + 1];
	const char *rest = list;
	enum err rc = ERR_OK;

	*columns = (struct columns){.count = 0};
	if (!list_parse(text, is_word, list, sizeof(list), word))
		return error_set(why, ERR_INVALID,
		    "columns `%s`: give names, separated by commas", text);
	while (rc == ERR_OK && list_next(&rest, word)) {
		/* A name was repeated in another case. */
		if (columns->count == COLUMN_COUNT)
			return error_set(why, ERR_INVALID,
			    "columns `%s`: some are repeated", text);
		rc = find_name(word, &columns->chosen[columns->count++], why);
	}
	return rc;
}

enum err
columns_find(const struct columns *columns, const char *name, size_t *place,
    struct error *why)
{
	enum column column = COLUMN_ID;
	enum err rc = find_name(name, &column, why);

	if (rc != ERR_OK)
		return rc;
	for (*place = 0; *place < columns->count; (*place)++) {
		if (columns->chosen[*place] == column)
			return ERR_OK;
	}
	return error_set(why, ERR_INVALID,
	    "column `%s`: only a column that is shown can be sorted by", name);
}

enum err
row_fill(struct row *row, const struct record *record,
    const struct last_use *usage, const struct origin *origin, int64_t now)
{
	const char *const cells[COLUMN_COUNT] = {
	    [COLUMN_ID] = record->id,
	    [COLUMN_USER] = record->user,
	    [COLUMN_UID] = row->uid,
	    [COLUMN_NAME] = record->name,
	    [COLUMN_DESCRIPTION] = record->description,
	    [COLUMN_SERVICES] = record->services,
	    [COLUMN_SCOPES] = record->scopes,
	    [COLUMN_FROM] = row->from = text_networks(record),
	    [COLUMN_STATE] = text_state(record, now),
	    [COLUMN_REASON] = text_reason(record),
	    [COLUMN_CREATED] = row->created,
	    [COLUMN_CREATED_BY] = record->created.by,
	    [COLUMN_CHANGED] = row->changed,
	    [COLUMN_CHANGED_BY] = record->changed.by,
	    [COLUMN_CHANGE] = record->changed.reason,
	    [COLUMN_EXPIRES] = row->expires,
	    [COLUMN_LIFETIME] = record_lifetime_name(record->lifetime),
	    [COLUMN_STARTS] = row->starts,
	    [COLUMN_MAX_SESSIONS] = row->max_sessions,
	    [COLUMN_SHORT] = record->is_short ? "yes" : "",
	    [COLUMN_PRESET] = record->preset,
	    [COLUMN_LOGO] = picture_type_name(record->logo),
	    [COLUMN_LAST_USED] = row->last_used,
	    [COLUMN_LAST_USED_FROM] = usage->from,
	    [COLUMN_LAST_USED_SERVICE] = usage->service,
	    [COLUMN_USE_COUNT] = row->count,
	    [COLUMN_ISSUER] = origin->issuer,
	    [COLUMN_HOSTS] = origin->hosts,
	    [COLUMN_REPLACED_BY] = record->successor,
	};

	if (row->from == NULL)
		return ERR_NOMEM;
	memcpy(row->cells, cells, sizeof(cells));
	row->uid[0] = '\0';
	if (record->uid != (uid_t)-1)
		(void)snprintf(row->uid, sizeof(row->uid), "%lu",
		    (unsigned long)record->uid);
	(void)snprintf(row->count, sizeof(row->count), "%llu",
	    (unsigned long long)usage->count);
	text_time(record->created.at, row->created);
	text_time(record->changed.at, row->changed);
	text_time(record->expires, row->expires);
	text_time(record->starts, row->starts);
	text_max_sessions(record, row->max_sessions);
	text_time(usage->at, row->last_used);
	return ERR_OK;
}

void
row_free(struct row *row)
{
	free(row->from);
	row->from = NULL;
}
