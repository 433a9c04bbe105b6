/* Who owns usable tokens for a service. */
#ifndef TOKENADM_TOKEN_OWNERS_H
#define TOKENADM_TOKEN_OWNERS_H

#include "doctor/doctor.h"

#define TOKEN_OWNERS_MAX 64

struct token_owners {
	char users[TOKEN_OWNERS_MAX][RECORD_USER_MAX + 1];
	size_t count;
	size_t more; /* that did not fit */
};

/*
 * Those whose tokens name the service, by itself or by a group; if there are
 * none, those with a token for any service. Empty if the store cannot be read.
 */
void token_owners_find(
    struct token_owners *owners, struct doctor *doctor, const char *service);

#endif
