/*
 * Going on with a batch that was interrupted: its output tells how far it
 * came. Each line of it is a token of the batch's line of that number. Those
 * that the store does not know were written last, and the store never got
 * them.
 */
#ifndef TOKENADM_BATCH_RESUME_H
#define TOKENADM_BATCH_RESUME_H

#include "base/error.h"
#include "batch/batch_file.h"
#include "batch/batch_output.h"
#include "cli/command.h"

#define RESUME_LOST_MAX 1000 /* tokens that are written before a commit */

/*
 * Marks the items that are done, which are the first *done ones.
 * ERR_EXISTS for a file that is not this batch's output; or as store_get.
 */
enum err resume_batch(struct context *context, struct batch *batch,
    const struct output *output, size_t *done);

#endif
