/* Hands a new token over: what issue and rotate have in common. */
#ifndef TOKENADM_HANDOVER_H
#define TOKENADM_HANDOVER_H

#include "cli/command.h"
#include "token/record.h"

/*
 * Writes the token to standard output, and on a terminal how to use it.
 * ERR_SYSTEM if it did not arrive: then it must not live.
 */
enum err handover_show(const struct record *record, const char text[]);

/* The same as a JSON object, with the id and that something was changed. */
enum err handover_show_json(const struct record *record, const char text[]);

/* What to say when it did not; rc is how taking it back went. */
enum err handover_withdrawn(
    struct context *context, const struct record *record, enum err rc);

#endif
