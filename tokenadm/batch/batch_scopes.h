/* Checks that a service of each token in a batch takes its scopes. */
#ifndef TOKENADM_BATCH_SCOPES_H
#define TOKENADM_BATCH_SCOPES_H

#include "base/error.h"
#include "batch/batch_file.h"
#include "cli/command.h"

/*
 * Adds a problem for each line, not issued yet, of which it is certain that no
 * service takes its scopes. Reads the stacks of PAM: hold no lock. ERR_NOMEM.
 */
enum err batch_scopes_check(struct context *context, struct batch *batch);

#endif
