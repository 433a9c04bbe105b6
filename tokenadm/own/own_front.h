/*
 * tokenadm for who is not root: the work on his own tokens is done behind the
 * door; what is typed and shown is here.
 */
#ifndef TOKENADM_OWN_FRONT_H
#define TOKENADM_OWN_FRONT_H

#include "cli/command.h"

/*
 * Whether this process has no right to the store, and the command is one that
 * users have. Then context->ask is set, and --user is the caller's name where
 * the command takes one.
 */
bool own_front_begin(
    struct context *context, const struct command *command, struct args *args);

/*
 * Whether the command begins here: issue, which asks what is missing, and list
 * --follow. Otherwise all of it is done behind the door.
 */
bool own_front_runs(const struct command *command, const struct args *args);

/*
 * Has the command done behind the door, with these arguments, and shows what
 * it writes. ERR_REFUSED, ERR_INVALID: it failed there, and said so; or as
 * door_enter.
 */
enum err own_front_ask(struct context *context, const struct command *command,
    const struct args *args);

/*
 * The same, but its output is not shown: *text is that, for the caller to free,
 * also after an error.
 */
enum err own_front_collect(struct context *context,
    const struct command *command, const struct args *args, char **text);

#endif
