/*
 * What one hook leaves to the next: which token this login was made with.
 * It is kept in the PAM handle, where no user can reach it.
 */
#ifndef PAM_APITOKEN_HANDOFF_H
#define PAM_APITOKEN_HANDOFF_H

#include <security/pam_modules.h>
#include <stdbool.h>

#include "record.h"

struct handoff {
	char id[TOKEN_ID_LEN + 1];
	char user[RECORD_USER_MAX + 1];   /* PAM_USER when it was accepted */
	char need[RECORD_SCOPES_MAX + 1]; /* the scopes that were asked for */
	bool refused; /* a later hook refused it: nothing more may pass */
};

/* Forgets what an earlier attempt left. */
void handoff_clear(pam_handle_t *pamh);

/* Leaves a copy of it for the hooks to come. A PAM code. */
int handoff_set(pam_handle_t *pamh, const struct handoff *handoff);

/* What an earlier hook left, or NULL: this login was made without a token. */
struct handoff *handoff_get(pam_handle_t *pamh);

#endif
