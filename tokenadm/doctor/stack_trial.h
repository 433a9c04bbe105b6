/*
 * Simulates a login on a stack: the result for the host, given each module's
 * return value. Pure: it uses pamrun.
 */
#ifndef TOKENADM_STACK_TRIAL_H
#define TOKENADM_STACK_TRIAL_H

#include "pam/pamstack.h"

/*
 * What modules whose answer nobody knows return. Usually an alternative
 * (module_is_alternative) says no, and what may refuse says yes.
 */
struct stack_unknown {
	bool refuse;                      /* all of unknown purpose say no */
	const struct pamstack_entry *odd; /* this one answers the opposite */
};

/*
 * The result if pam_apitoken returns own, password modules (in account:
 * pam_unix) return password, those that unknown describes return that, and all
 * others return what they do on success. unknown may be NULL: as usual. Sets
 * asked for each line that is asked, by its index.
 */
int stack_try(const struct pamstack *stack, enum pamline_type type,
    const struct stack_unknown *unknown, int own, int password,
    bool asked[PAMSTACK_LINES]);

/* The user of a login, and what is returned for the account. */
struct stack_user {
	bool is_local; /* listed in /etc/passwd */
	int password;  /* what pam_unix returns */
	int directory; /* what directory modules return */
};

/* As stack_try in account, for such a user. */
int stack_try_user(const struct pamstack *stack,
    const struct stack_unknown *unknown, int own, const struct stack_user *user,
    bool asked[PAMSTACK_LINES]);

/* One line, and what it returns. */
struct stack_failure {
	const struct pamstack_entry *line;
	int result;
};

/* As stack_try, and this line returns that. */
int stack_try_failing(const struct pamstack *stack, enum pamline_type type,
    const struct stack_failure *failure, int own, int password,
    bool asked[PAMSTACK_LINES]);

#endif
