/* Warns where a new token will be refused. */
#ifndef TOKENADM_SERVICE_WARNINGS_H
#define TOKENADM_SERVICE_WARNINGS_H

#include "base/error.h"
#include "cli/command.h"
#include "token/record.h"

/*
 * Sets *text to lines that say which of the services that a token names may
 * refuse it, and why: because doctor finds something wrong with them, for its
 * scopes, because they do not pass the address to PAM, or because they ask PAM
 * again about a token for one login. The caller frees it. Runs other programs:
 * hold no lock and no secret. ERR_NOMEM.
 */
enum err service_warnings(
    char **text, struct context *context, const struct record *record);

#endif
