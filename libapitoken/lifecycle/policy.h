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

/* Asks the name services: account_in_group. */
enum err policy_ask_system(
    const char *user, const char *group, bool *is_member, void *arg);

/* As policy_for, for a caller who knows the groups of many users. */
enum err policy_for_member(const struct config *config, const char *user,
    policy_member *member, void *arg, struct policy *policy, struct error *why);

/* Whether any policy of the config requires a group. */
bool policy_requires_groups(const struct config *config);

/*
 * Sets the group that the policy requires of the user, or "". Asks about groups
 * whose policies say something else, and only if a policy requires any. Errors
 * as policy_for.
 */
enum err policy_required_group(const struct config *config, const char *user,
    policy_member *member, void *arg, char group[CONFIG_GROUP_MAX + 1],
    struct error *why);

/* The seconds that a token may live from now on; or TIME_NEVER. */
int64_t policy_longest(const struct policy *policy);

/*
 * When a token issued now expires if nothing is said: default_expiry counts
 * from its start (0: from now), max_expiry from now.
 */
int64_t policy_default_expiry(
    const struct policy *policy, int64_t now, int64_t starts);

/*
 * Sets when a token issued now expires: as text says (see parse_expiry), or as
 * policy_default_expiry if text is NULL. ERR_INVALID, ERR_POLICY.
 */
enum err policy_set_expiry(const struct policy *policy, const char *text,
    int64_t now, int64_t starts, int64_t *expires, struct error *why);

/* Whether a token starts before it expires. ERR_INVALID. */
enum err policy_check_start(const struct record *record, struct error *why);

/*
 * Whether a token's expiry, services and length are allowed; groups are the
 * config's. ERR_POLICY.
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
