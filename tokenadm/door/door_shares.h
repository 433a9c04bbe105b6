/*
 * How many of the door's workers each caller may have at a time, so that nobody
 * keeps others out. Root, and each listed caller of /etc/passwd, has places
 * that nobody else can take; every local account has a few; and so has every
 * other uid, as those of a directory, of places of their own. Pure.
 */
#ifndef TOKENADM_DOOR_SHARES_H
#define TOKENADM_DOOR_SHARES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum door_share {
	DOOR_SHARE_ROOT,
	DOOR_SHARE_LISTED, /* in [door] callers */
	DOOR_SHARE_LOCAL,  /* an account in /etc/passwd */
	DOOR_SHARE_OTHERS, /* any other uid */
};

/* At a time: of one caller, and of all who have such a share. */
#define DOOR_EACH_ROOT 32
#define DOOR_EACH_LISTED 32
#define DOOR_EACH_LOCAL 4
#define DOOR_EACH_OTHERS 4
#define DOOR_LISTED_MAX 8 /* listed callers that have places of their own */
#define DOOR_ALL_LOCAL 96
#define DOOR_ALL_OTHERS 96

#define DOOR_WORKERS_MAX                                                       \
	(DOOR_EACH_ROOT + DOOR_LISTED_MAX * DOOR_EACH_LISTED +                 \
	    DOOR_ALL_LOCAL + DOOR_ALL_OTHERS)

/* Who has a place. */
struct door_place {
	enum door_share share;
	uid_t uid; /* real */
};

/*
 * Whether there is a place for one more beside the count that are taken.
 */
bool door_shares_allow(const struct door_place *taken, size_t count,
    const struct door_place *wanted);

#endif
