/*
 * Turns of the commands that one user has run at the door: of his, one after
 * the other does this, whatever names are on his uid.
 */
#ifndef TOKENADM_TURN_H
#define TOKENADM_TURN_H

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

enum turn {
	TURN_CONFIRM, /* asks for a password: guesses do not come at once */
	TURN_CHANGE,  /* changes the store: others wait for one change of his */
};

/*
 * Waits for the turn until the deadline (deadline.h). Sets *fd; who closes it
 * ends the turn. ERR_BUSY at the deadline; ERR_UNSAFE, ERR_SYSTEM.
 */
enum err turn_take(
    int *fd, enum turn turn, uid_t uid, int64_t deadline, struct error *why);

#endif
