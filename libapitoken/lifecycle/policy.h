/*
 * What may be issued, and what may become usable again: the [policy] of
 * apitoken.conf, and names that are unique among a user's usable tokens.
 */
#ifndef APITOKEN_POLICY_H
#define APITOKEN_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "store/store.h"
#include "token/record.h"

/*
 * The policy for a user: the config's, then [policy @group] for each of the
 * user's groups, in order, then [policy user]. Asks the name services.
 * ERR_SYSTEM if they do not answer, ERR_NOT_FOUND for an unknown group.
 */
enum err policy_for(const struct config *config, const char *user,
    struct policy *policy, struct error *why);

/* Whether a user is in a group; as account_in_group. */
typedef enum err policy_member(
    const char *user, const char *group, bool *is_member, void *arg);

/* The same, for a caller who knows the groups of many users. */
enum err policy_for_member(const struct config *config, const char *user,
    policy_member *member, void *arg, struct policy *policy, struct error *why);

/* How long a token lives if nothing is said, in seconds, or TIME_NEVER. */
int64_t policy_default_expiry(const struct policy *policy);

/*
 * Sets when a token issued now expires: as text says (see parse_expiry), or as
 * the policy does if text is NULL. ERR_INVALID, ERR_POLICY.
 */
enum err policy_set_expiry(const struct policy *policy, const char *text,
    int64_t now, int64_t *expires, struct error *why);

/*
 * Whether a token's expiry and services are allowed; groups are the config's.
 * ERR_POLICY.
 */
enum err policy_check_limits(const struct policy *policy,
    const struct service_group *groups, const struct record *record,
    int64_t now, struct error *why);

/*
 * Whether quota and name let a token become usable beside its user's others.
 * ERR_POLICY, ERR_EXISTS; or as store_get.
 */
enum err policy_check_room(const struct policy *policy, struct store *store,
    const struct record *record, int64_t now, struct error *why);

/*
 * Removes the oldest of a user's dead tokens, until no more are left than the
 * policy keeps. One whose successor has not logged in yet is not counted:
 * undoing the rotation may need it. Errors as store_remove.
 */
enum err policy_prune(const struct policy *policy, struct store *store,
    const char *user, int64_t now, struct error *why);

#endif
