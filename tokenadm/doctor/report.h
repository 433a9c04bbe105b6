/* What tokenadm doctor has found, gathered and shown. */
#ifndef TOKENADM_REPORT_H
#define TOKENADM_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum report_state {
	REPORT_OK,
	REPORT_WARNING, /* not certainly wrong */
	REPORT_WRONG,
};

#define REPORT_AREA_SIZE 80

struct report_finding {
	char area[REPORT_AREA_SIZE];
	enum report_state state;
	struct error text;
	struct error fix; /* what mends it: a command or a line; "" for none */
};

struct report {
	struct report_finding *findings;
	size_t count;
	char area[REPORT_AREA_SIZE]; /* of those that are added next */
	bool is_cut;                 /* there was no memory for one */
};

/* Whatever is added from here on is about this. */
void report_set_area(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void report_add(struct report *report, enum report_state state,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What mends the finding that was added last. */
void report_fix(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Adds an error's text. The command that it ends with (`...; mend it with:
 * COMMAND`) becomes its fix.
 */
void report_error(
    struct report *report, enum report_state state, const struct error *why);

/* How many findings have that state. */
size_t report_count(const struct report *report, enum report_state state);

/* One line each, and how many are wrong; or JSON. ERR_NOMEM. */
void report_print(const struct report *report);
enum err report_print_json(const struct report *report);

void report_free(struct report *report);

#endif
