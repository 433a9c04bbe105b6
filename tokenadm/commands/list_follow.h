/*
 * `list --follow`: the tokens as lines of JSON, then a line for each change. No
 * lock is held between two looks, nor while a line is written.
 */
#ifndef TOKENADM_LIST_FOLLOW_H
#define TOKENADM_LIST_FOLLOW_H

#include "commands/list_filter.h"

/*
 * Follows the store, woken by its files and by time. Returns when standard
 * output is closed; ends the process at SIGTERM, SIGINT and SIGHUP. Errors as
 * token_pages_each; ERR_SYSTEM if standard output cannot be written.
 */
enum err list_follow(struct context *context, const struct list_filter *filter,
    const char *user);

/*
 * The same in front of the door, which holds no worker of root's for it: asks
 * again every few seconds. Errors as own_front_ask, too.
 */
enum err list_follow_own(struct context *context, const struct args *args);

#endif
