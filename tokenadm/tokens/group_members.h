/*
 * Which users are in the groups that [policy @group] or require_group names:
 * reads /etc/group once, while account_in_group reads it for each user.
 */
#ifndef TOKENADM_GROUP_MEMBERS_H
#define TOKENADM_GROUP_MEMBERS_H

#include <stdbool.h>

#include "account/account_set.h"
#include "base/error.h"
#include "base/pool.h"
#include "config/config.h"

struct groups {
	struct group_members *list;
	struct pool names;
};

/* Call group_members_free in any case. ERR_SYSTEM, ERR_NOMEM. */
enum err group_members_read(
    struct groups *groups, const struct config *config, struct error *why);

/*
 * Whether /etc/group lists the user in the group, or it is his primary one.
 * ERR_NOT_FOUND: ask the name services, since the group is not in /etc/group,
 * or the user has no sound line in /etc/passwd.
 */
enum err group_members_has(const struct groups *groups, const char *group,
    const struct account_set_entry *user, bool *is_member);

void group_members_free(struct groups *groups);

#endif
