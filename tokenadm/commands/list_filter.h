/* Which tokens `list` shows. */
#ifndef TOKENADM_LIST_FILTER_H
#define TOKENADM_LIST_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/command.h"
#include "store/last_use.h"
#include "token/record.h"

struct list_filter {
	const struct context *context;
	const char *state;   /* NULL: any */
	const char *service; /* likewise */
	const char *preset;  /* likewise */
	int64_t unused;      /* seconds; 0: any */
	int64_t expiring;    /* likewise */
	char **patterns;     /* one of them has to match; none: any */
	int pattern_count;
};

/*
 * Reads it from the options of list; context and args must outlive it.
 * ERR_INVALID.
 */
enum err list_filter_read(struct context *context, const struct args *args,
    struct list_filter *filter);

/* Whether a token is shown, at context->now. */
bool list_filter_wants(const struct list_filter *filter,
    const struct record *record, const struct last_use *usage);

/*
 * Sets *next to when time alone changes how the token is shown, or whether, if
 * that is sooner than *next.
 */
void list_filter_foresee(const struct list_filter *filter,
    const struct record *record, const struct last_use *usage, int64_t *next);

#endif
