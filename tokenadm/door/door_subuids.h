/*
 * Which users have which subordinate uids: subuid(5). A process with such a uid
 * was started by the user (newuidmap(1)), and takes his places at the door.
 */
#ifndef TOKENADM_DOOR_SUBUIDS_H
#define TOKENADM_DOOR_SUBUIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "token/record.h"

struct door_subuids {
	char user[RECORD_USER_MAX + 1];
	uint64_t first, count;
	bool has_owner; /* the user is known, and his uid is: */
	uid_t owner;
	struct door_subuids *next;
};

/*
 * Reads /etc/subuid; what makes no sense there is left out, and no file is no
 * ranges. The owners are not set. ERR_NOMEM; free with door_subuids_free in any
 * case.
 */
enum err door_subuids_read(struct door_subuids **ranges);

/* Sets the uid of an owner, wherever his name stands. */
void door_subuids_set_owner(
    struct door_subuids *ranges, const char *user, uid_t uid);

/* The owner of a subordinate uid; false if it is none, or he is not known. */
bool door_subuids_find(
    const struct door_subuids *ranges, uid_t uid, uid_t *owner);

void door_subuids_free(struct door_subuids **ranges);

#endif
