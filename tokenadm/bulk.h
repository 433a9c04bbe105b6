/* issue --batch: many tokens, in transactions of many. */
#ifndef TOKENADM_BULK_H
#define TOKENADM_BULK_H

#include "args.h"
#include "command.h"
#include "error.h"

/* Issues the tokens that the option --batch names, to --output. */
enum err bulk_issue(struct context *context, const struct args *args);

#endif
