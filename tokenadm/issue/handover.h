/* Hands a new token over, for issue and rotate. */
#ifndef TOKENADM_HANDOVER_H
#define TOKENADM_HANDOVER_H

#include "cli/command.h"
#include "token/record.h"

/*
 * Writes the token to standard output and, on a terminal, how to use it; with
 * --json as a JSON object, with the id and the fact that it is new. ERR_SYSTEM
 * if it could not be written, or a signal came before all of it was: the token
 * must be withdrawn.
 */
enum err handover_show(struct context *context, const struct args *args,
    const struct record *record, const char text[]);

/* Sets the error after a failed handover; rc is that of withdrawing it. */
enum err handover_withdrawn(
    struct context *context, const struct record *record, enum err rc);

#endif
