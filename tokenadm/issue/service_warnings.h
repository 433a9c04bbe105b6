/* Where a token will not do what it was issued for. */
#ifndef TOKENADM_SERVICE_WARNINGS_H
#define TOKENADM_SERVICE_WARNINGS_H

#include "token/record.h"

/*
 * Says on standard error which of the services that a token names by
 * themselves will refuse it, and why: for its scopes, for the address that
 * they do not tell, or when they ask again about one that is for one login.
 */
void service_warnings(const struct record *record);

#endif
