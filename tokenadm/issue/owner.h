/* The account that owns a token. */
#ifndef TOKENADM_OWNER_H
#define TOKENADM_OWNER_H

#include "cli/command.h"
#include "token/record.h"

/*
 * Sets the account as the record's owner. It must be able to log in:
 * ERR_NOT_FOUND, ERR_POLICY.
 */
enum err owner_set(
    struct context *context, const char *user, struct record *record);

/*
 * Finds the policy for the record's owner, who has to be in the group that it
 * requires. Asks the name services. ERR_POLICY, or as policy_for.
 */
enum err owner_policy(struct context *context, const struct record *record,
    struct policy *policy);

/* Checks that the owner still has the token's uid. ERR_POLICY. */
enum err owner_check_uid(
    struct context *context, const struct record *record, uid_t uid);

#endif
