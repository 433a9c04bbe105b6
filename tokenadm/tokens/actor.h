/* Who runs this command. */
#ifndef TOKENADM_ACTOR_H
#define TOKENADM_ACTOR_H

#include "token/record.h"

/*
 * The name of who logged in, also behind su and sudo (/proc/self/loginuid),
 * or of the real user where nobody did, as in a cron job. `uid N` for one
 * without a name.
 */
void actor_name(char name[RECORD_BY_MAX + 1]);

#endif
