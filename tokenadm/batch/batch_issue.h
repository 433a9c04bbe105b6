/* issue --batch: many tokens, in transactions of many. */
#ifndef TOKENADM_BATCH_ISSUE_H
#define TOKENADM_BATCH_ISSUE_H

#include "base/error.h"
#include "cli/args.h"
#include "cli/command.h"

/* Issues the tokens that the option --batch names, to --output. */
enum err batch_issue(struct context *context, const struct args *args);

#endif
