/* Warns where a new token will be refused. */
#ifndef TOKENADM_SERVICE_WARNINGS_H
#define TOKENADM_SERVICE_WARNINGS_H

#include "token/record.h"

/*
 * Says on standard error which of the services that a token names will refuse
 * it, and why: for its scopes, because they do not pass the address to PAM, or
 * because they ask PAM again about a token for one login.
 */
void service_warnings(const struct record *record);

#endif
