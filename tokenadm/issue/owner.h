/* The account that is to own a token. */
#ifndef TOKENADM_OWNER_H
#define TOKENADM_OWNER_H

#include "cli/command.h"
#include "token/record.h"

/*
 * Enters the account as the record's owner. It has to be one that can log in:
 * ERR_NOT_FOUND, ERR_POLICY.
 */
enum err owner_set(
    struct context *context, const char *user, struct record *record);

/* Whether the owner still has the uid that the token was issued for.
 * ERR_POLICY. */
enum err owner_check_uid(
    struct context *context, const struct record *record, uid_t uid);

#endif
