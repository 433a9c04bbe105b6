/*
 * Simulates a login on a stack: the result for the host, given each module's
 * return value. Pure: it uses pamrun.
 */
#ifndef TOKENADM_STACK_TRIAL_H
#define TOKENADM_STACK_TRIAL_H

#include "pam/pamstack.h"

/*
 * The result if pam_apitoken returns own, password modules (in account:
 * pam_unix) return password, and all others return what they do on success.
 * Sets asked for each line that is asked, by its index.
 */
int stack_try(const struct pamstack *stack, enum pamline_type type, int own,
    int password, bool asked[PAMSTACK_LINES]);

/* The user of a login, and what is returned for the account. */
struct stack_user {
	bool is_local; /* listed in /etc/passwd */
	int password;  /* what pam_unix returns */
	int directory; /* what directory modules return */
};

/* As stack_try in account, for such a user. */
int stack_try_user(const struct pamstack *stack, int own,
    const struct stack_user *user, bool asked[PAMSTACK_LINES]);

/* As stack_try in auth with passwords refused; only this line fails. */
int stack_try_failing(const struct pamstack *stack, int own,
    const struct pamstack_entry *failing, int failure,
    bool asked[PAMSTACK_LINES]);

#endif
