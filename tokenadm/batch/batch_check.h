/* A batch against what its users have already: quota and names. */
#ifndef TOKENADM_BATCH_CHECK_H
#define TOKENADM_BATCH_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "batch/batch_file.h"
#include "cli/command.h"

/*
 * Notes as problems what does not fit beside the tokens that are there. The
 * store is open for a few users at a time. Where an item's name is one that a
 * usable token of its user has, that is a problem; or, if skip says so, it is
 * marked as done. Errors as store_get.
 */
enum err batch_check(struct context *context, struct batch *batch, bool skip);

#endif
