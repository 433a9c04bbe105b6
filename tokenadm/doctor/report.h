/* Collects and shows the findings of tokenadm doctor. */
#ifndef TOKENADM_REPORT_H
#define TOKENADM_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum report_state {
	REPORT_OK,
	REPORT_NOTE,    /* not wrong, but worth knowing */
	REPORT_WARNING, /* possibly wrong */
	REPORT_WRONG,
};

#define REPORT_AREA_SIZE 80

struct report_finding {
	char area[REPORT_AREA_SIZE];
	enum report_state state;
	struct error text;
	struct error fix; /* a command or a line; "" for none */
};

struct report {
	struct report_finding *findings;
	size_t count;
	char area[REPORT_AREA_SIZE]; /* of the findings added next */
	bool is_cut;                 /* one was lost: out of memory */
};

/* Sets the area of the findings added next. */
void report_set_area(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void report_add(struct report *report, enum report_state state,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Sets the fix of the last finding. */
void report_fix(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Adds an error's text. If it ends with a command (`...; mend it with:
 * COMMAND`), that becomes the fix.
 */
void report_error(
    struct report *report, enum report_state state, const struct error *why);

/* The number of findings with that state. */
size_t report_count(const struct report *report, enum report_state state);

/* The first finding with that state, from that number on; NULL: none. */
const struct report_finding *report_find(
    const struct report *report, enum report_state state, size_t from);

/* Whether one of the findings from that number on is a warning, or wrong. */
bool report_has_trouble(const struct report *report, size_t from);

/*
 * Prints one line each, the worst first, and the totals; or JSON. What is OK
 * is only counted, unless `all` is wanted; JSON has all. ERR_NOMEM.
 */
void report_print(const struct report *report, bool all);
enum err report_print_json(const struct report *report);

void report_free(struct report *report);

#endif
