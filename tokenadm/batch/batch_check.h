/* Checks a batch against its users' present tokens: quota and names. */
#ifndef TOKENADM_BATCH_CHECK_H
#define TOKENADM_BATCH_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "batch/batch_file.h"
#include "cli/command.h"

/*
 * Adds a problem for each conflict with present tokens. The store is open for a
 * few users at a time. If a usable token of the user has an item's name, that
 * is a problem; with skip, the item is marked as done instead. Errors as
 * store_get.
 */
enum err batch_check(struct context *context, struct batch *batch, bool skip);

#endif
