/* Who runs this command. */
#ifndef TOKENADM_ACTOR_H
#define TOKENADM_ACTOR_H

#include "token/record.h"

/*
 * The name of the user who logged in, even after su or sudo
 * (/proc/self/loginuid), or of the real user if nobody did, as in a cron job.
 * `uid N` if that has no name.
 */
void actor_name(char name[RECORD_BY_MAX + 1]);

/* From now on it is this user, for whom the command runs at the door. */
void actor_set(const char *name);

#endif
