/*
 * Which users are in the groups that [policy @group] names: reads /etc/group
 * once, while account_in_group reads it for each user.
 */
#ifndef TOKENADM_GROUP_MEMBERS_H
#define TOKENADM_GROUP_MEMBERS_H

#include <stdbool.h>
#include <sys/types.h>

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
 * Whether a user of /etc/passwd, with primary group gid, is in the group.
 * ERR_NOT_FOUND for a group that is not in /etc/group: ask the name services.
 */
enum err group_members_has(const struct groups *groups, const char *group,
    const char *user, gid_t gid, bool *is_member);

void group_members_free(struct groups *groups);

#endif
