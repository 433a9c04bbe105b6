#include "door/door_shares.h"

/* How many one caller, and all with that share, may have. */
static const struct {
	size_t each, all;
} LIMITS[] = {
    [DOOR_SHARE_ROOT] = {DOOR_EACH_ROOT, DOOR_EACH_ROOT},
    [DOOR_SHARE_LISTED] = {DOOR_EACH_LISTED, DOOR_LISTED_MAX *DOOR_EACH_LISTED},
    [DOOR_SHARE_LOCAL] = {DOOR_EACH_LOCAL, DOOR_ALL_LOCAL},
    [DOOR_SHARE_OTHERS] = {DOOR_EACH_OTHERS, DOOR_ALL_OTHERS},
};

bool
door_shares_allow(const struct door_place *taken, size_t count,
    const struct door_place *wanted)
{
	size_t same = 0, own = 0;

	for (size_t i = 0; i < count; i++) {
		if (taken[i].share != wanted->share)
			continue;
		same++;
		own += taken[i].uid == wanted->uid;
	}
	return same < LIMITS[wanted->share].all &&
	    own < LIMITS[wanted->share].each;
}
