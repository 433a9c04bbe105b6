/* issue --batch: issues many tokens, with many in each transaction. */
#ifndef TOKENADM_BATCH_ISSUE_H
#define TOKENADM_BATCH_ISSUE_H

#include "base/error.h"
#include "cli/args.h"
#include "cli/command.h"

/* Issues the tokens listed in --batch's file, to --output. */
enum err batch_issue(struct context *context, const struct args *args);

#endif
