/*
 * A login tried out on a stack: what its host hears when each module answers
 * what the trial says. Pure: it asks pamrun.
 */
#ifndef TOKENADM_STACK_TRIAL_H
#define TOKENADM_STACK_TRIAL_H

#include "pam/pamstack.h"

/*
 * What the host hears if pam_apitoken answers own, what judges passwords (in
 * account: pam_unix) answers password, and all others what they answer where
 * all is well. Sets asked for each line that is asked, by its place.
 */
int stack_try(const struct pamstack *stack, enum pamline_type type, int own,
    int password, bool asked[PAMSTACK_LINES]);

/* Whom a login is for, and what is said of his account. */
struct stack_user {
	bool is_local; /* /etc/passwd lists him */
	int password;  /* what pam_unix answers */
	int directory; /* what the modules of directories answer */
};

/* As stack_try in account, for such a user. */
int stack_try_user(const struct pamstack *stack, int own,
    const struct stack_user *user, bool asked[PAMSTACK_LINES]);

/*
 * As stack_try in auth with every password refused, where this line alone
 * answers failure.
 */
int stack_try_failing(const struct pamstack *stack, int own,
    const struct pamstack_entry *failing, int failure,
    bool asked[PAMSTACK_LINES]);

#endif
