/* The lines of a batch, checked: what issue --batch is to make. */
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

/* A line. The strings are those of the batch, the owner is that of owners. */
struct item {
	struct owner *owner; /* NULL: a bad line */
	const char *name;
	const char *description;
	const char *services, *scopes; /* as a record has them */
	const char *from;              /* as the line has it */
	const char *until;             /* likewise; "": the policy's */
	int64_t expires;
	bool done; /* its token was issued by an earlier run */
};

struct batch {
	const char *file; /* as errors call it */
	struct item *items;
	size_t count, room;
	struct owners owners;
	struct pool texts;
	void *by_name; /* tree of the items */
	struct problems problems;
};

/*
 * Reads a file, or standard input if it is `-`, and checks all that can be
 * without the store; what is wrong with its lines is in problems then, and no
 * error. batch is empty before, that is all zero, and to be freed by
 * batch_free in any case. ERR_INVALID for no lines, ERR_SYSTEM, ERR_NOMEM.
 */
enum err batch_read(
    struct batch *batch, struct context *context, const char *file);

/* The number of an item's line, from 1. */
size_t batch_line(const struct batch *batch, const struct item *item);

/* The owner's item of that name; NULL if there is none. */
struct item *batch_find(
    const struct batch *batch, struct owner *owner, const char *name);

/* A record as the item wants it, without id, digest and creation. */
void batch_fill(const struct item *item, struct record *record);

void batch_free(struct batch *batch);

#endif
