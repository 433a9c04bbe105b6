/* Reads and checks the lines of a batch, for issue --batch. */
#ifndef TOKENADM_BATCH_FILE_H
#define TOKENADM_BATCH_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/pool.h"
#include "batch/batch_owners.h"
#include "batch/batch_problems.h"
#include "cli/command.h"
#include "token/record.h"

/* A line. The batch owns the strings, owners owns the owner. */
struct item {
	struct owner *owner; /* NULL: a bad line */
	const char *name;
	const char *description;
	const char *services, *scopes; /* in a record's form */
	const char *from;              /* in the line's form */
	const char *until;             /* likewise; "": the policy's */
	int64_t expires, starts;
	uint32_t max_sessions;
	bool done; /* its token was issued by an earlier run */
	bool bad;  /* something is wrong with it */
};

struct batch {
	const char *file;            /* for errors */
	const struct preset *preset; /* of all lines; NULL: none */
	bool is_short;               /* all of its tokens are to be */
	struct item *items;
	size_t count, room;
	struct owners owners;
	struct pool texts;
	void *by_name; /* tree of items */
	struct problems problems;
};

/*
 * Reads a file, or standard input if it is `-`, and checks all that it can
 * without the store. Bad lines go to problems, and are not errors. batch must
 * be all zero, except for preset and is_short; call batch_free in any case.
 * ERR_INVALID for no lines, ERR_SYSTEM, ERR_NOMEM.
 */
enum err batch_read(
    struct batch *batch, struct context *context, const char *file);

/* Records that an item's line is bad, and why. */
void batch_note(
    struct batch *batch, struct item *item, const struct error *why);

/* The number of lines that are bad. */
size_t batch_count_bad(const struct batch *batch);

/* The number of an item's line, from 1. */
size_t batch_line(const struct batch *batch, const struct item *item);

/* The owner's item with that name, or NULL. */
struct item *batch_find(
    const struct batch *batch, struct owner *owner, const char *name);

/* Fills a record from the item, except id, digest and creation. */
void batch_fill(
    const struct batch *batch, const struct item *item, struct record *record);

void batch_free(struct batch *batch);

#endif
