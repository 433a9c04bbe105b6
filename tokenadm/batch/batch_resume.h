/*
 * Resumes an interrupted batch: its output shows how far it came. Each output
 * line has the token of the batch line with the same number. Tokens unknown to
 * the store were written last and never committed.
 */
#ifndef TOKENADM_BATCH_RESUME_H
#define TOKENADM_BATCH_RESUME_H

#include "base/error.h"
#include "batch/batch_file.h"
#include "batch/batch_output.h"
#include "cli/command.h"

#define RESUME_LOST_MAX 1000 /* tokens written before a commit */

/*
 * Marks the first *done items as done. ERR_EXISTS for a file that is not this
 * batch's output; or as store_get.
 */
enum err resume_batch(struct context *context, struct batch *batch,
    const struct output *output, size_t *done);

#endif
