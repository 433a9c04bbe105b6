/*
 * How pam_apitoken is wired into the stack of a service: what becomes of a
 * token, of a password and of a module that is missing. Pure: it asks pamrun.
 */
#ifndef TOKENADM_STACK_ADVICE_H
#define TOKENADM_STACK_ADVICE_H

#include "doctor/report.h"
#include "pam/pamstack.h"

#define STACK_MODULE "pam_apitoken"

/* The first line of the module among those of a type, or NULL. */
const struct pamstack_entry *own_lines_find(
    const struct pamstack *stack, enum pamline_type type);

/* Whether any of its lines is there. */
bool own_lines_are_there(const struct pamstack *stack);

/* Whether one of its lines stands in the service's own file. */
bool own_lines_is_file(const struct pamstack *stack);

/*
 * A line in a file that services share, where the service's own file has one of
 * that type as well. NULL: none.
 */
const struct pamstack_entry *own_lines_find_second(
    const struct pamstack *stack);

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
 * Adds what is wrong with order and controls of its lines, and the line that
 * would be right. Nothing is added where nothing is wrong.
 */
void stack_judge(struct report *report, const struct pamstack *stack);

#endif
