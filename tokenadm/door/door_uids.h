/* The uids that have shares of the door: of local accounts, listed or not. */
#ifndef TOKENADM_DOOR_UIDS_H
#define TOKENADM_DOOR_UIDS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "config/config.h"
#include "door/door_shares.h"
#include "door/door_subuids.h"

struct door_uids {
	uid_t *local; /* in ascending order */
	size_t local_count;
	uid_t listed[DOOR_LISTED_MAX];
	size_t listed_count;
	struct door_subuids *subordinate;
};

/*
 * Reads them from /etc/passwd, /etc/subuid and the config, in place of what was
 * there; if that fails, what was there stays. ERR_SYSTEM, ERR_NOMEM.
 */
enum err door_uids_read(
    struct door_uids *uids, const struct config *config, struct error *why);

/* Whose places a real uid takes: a subordinate one those of its owner. */
struct door_place door_uids_place(const struct door_uids *uids, uid_t uid);

void door_uids_free(struct door_uids *uids);

#endif
