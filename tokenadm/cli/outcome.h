/* How a command ends: what it says then, and its exit code. */
#ifndef TOKENADM_OUTCOME_H
#define TOKENADM_OUTCOME_H

#include "cli/command.h"

/* 0: done; 1: failed or refused; 2: used wrongly. */
int outcome_exit_code(enum err rc);

/*
 * What went wrong, as one line of JSON without its newline, which the caller
 * frees: an object with field, code and message, see tokenadm(8). NULL: there
 * is nothing to say, as when it was said already; or no memory.
 */
char *outcome_json(const struct context *context, enum err rc);

/*
 * Flushes standard output, and prints the error, if there is one that was not
 * shown already; with context->is_json on standard output, too. Returns rc, or
 * ERR_SYSTEM if not all output was written.
 */
enum err outcome_report(struct context *context, enum err rc);

#endif
