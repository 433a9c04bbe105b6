/* The columns that list can show. */
#ifndef TOKENADM_LIST_COLUMNS_H
#define TOKENADM_LIST_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/column_fit.h"
#include "cli/text.h"
#include "store/last_use.h"
#include "token/record.h"

/* The column names are the JSON keys, in capitals; the last has no key. */
enum column {
	COLUMN_ID,
	COLUMN_USER,
	COLUMN_UID,
	COLUMN_NAME,
	COLUMN_DESCRIPTION,
	COLUMN_SERVICES,
	COLUMN_SCOPES,
	COLUMN_FROM,
	COLUMN_STATE,
	COLUMN_REASON,
	COLUMN_CREATED,
	COLUMN_CREATED_BY,
	COLUMN_CHANGED,
	COLUMN_CHANGED_BY,
	COLUMN_CHANGE,
	COLUMN_EXPIRES,
	COLUMN_LIFETIME,
	COLUMN_STARTS,
	COLUMN_MAX_SESSIONS,
	COLUMN_SHORT,
	COLUMN_PRESET,
	COLUMN_LOGO,
	COLUMN_LAST_USED,
	COLUMN_LAST_USED_FROM,
	COLUMN_LAST_USED_SERVICE,
	COLUMN_USE_COUNT,
	COLUMN_ISSUER,
	COLUMN_HOSTS,
	COLUMN_REPLACED_BY,
};
#define COLUMN_COUNT (COLUMN_REPLACED_BY + 1)

#define COLUMNS_DEFAULT "id,user,name,state,services,scopes,expires,last_used"

/* On a terminal, as far as there is room. */
#define COLUMNS_TERMINAL COLUMNS_DEFAULT ",replaced_by"

/* The chosen columns, in order. */
struct columns {
	enum column chosen[COLUMN_COUNT];
	size_t count;
};

/* The name of a column, such as LAST_USED. */
const char *columns_name(enum column column);

/* Prints all names, in lines of at most 80 characters, below a heading. */
void columns_print_names(void);

/* How a column of COLUMNS_TERMINAL gives way to the others. */
struct column_fit columns_fit(enum column column);

/* Whether its texts are times. */
bool columns_are_times(enum column column);

/* Parses a list of names, in any case. ERR_INVALID. */
enum err columns_parse(
    struct columns *columns, const char *text, struct error *why);

/* The index of a chosen column. ERR_INVALID if it was not chosen. */
enum err columns_find(const struct columns *columns, const char *name,
    size_t *place, struct error *why);

/* With --fleet */
#define COLUMNS_FLEET "id,user,name,state,services,scopes,expires,issuer,hosts"

/*
 * Who has issued a token, and for what hosts; "" and "" for one that is this
 * machine's own, or for all.
 */
struct origin {
	const char *issuer, *hosts;
};
extern const struct origin origin_here; /* "" and "" */

/* The texts of a token in all columns. */
struct row {
	const char *cells[COLUMN_COUNT];
	/* buffers for cells that do not point into the record */
	char uid[16], count[24];
	char created[PARSE_TIME_LEN + 1];
	char changed[PARSE_TIME_LEN + 1];
	char expires[PARSE_TIME_LEN + 1];
	char starts[PARSE_TIME_LEN + 1];
	char max_sessions[TEXT_MAX_SESSIONS_SIZE];
	char last_used[PARSE_TIME_LEN + 1];
	char *from;
};

/* Fills a row for row_free. What it is filled with must outlive it. ERR_NOMEM.
 */
enum err row_fill(struct row *row, const struct record *record,
    const struct last_use *usage, const struct origin *origin, int64_t now);

void row_free(struct row *row);

#endif
