/* Which of this machine's PAM services somebody may have meant. */
#ifndef TOKENADM_SIMILAR_SERVICE_H
#define TOKENADM_SIMILAR_SERVICE_H

#include "cli/similar.h"

/*
 * For a service without a stack: sets hint to `; did you mean SERVICE?`, or to
 * "" if the name is like none that has one.
 */
void similar_service(const char *service, char hint[SIMILAR_HINT_SIZE]);

#endif
