/* What is shared by stack_advice.c and the files that judge for it only. */
#ifndef TOKENADM_STACK_IMPL_H
#define TOKENADM_STACK_IMPL_H

#include "doctor/report.h"
#include "pam/pamstack.h"

/* One of the three types, and the line that is judged. */
struct stack_advice {
	struct report *report;
	const struct pamstack *stack;
	const struct pamstack_entry *line;
	enum pamline_type type;
	/* Who was asked in a trial, by place in the stack. */
	bool asked[PAMSTACK_LINES], others[PAMSTACK_LINES];
};

/* Adds a finding about the line. */
void stack_say(
    struct stack_advice *wiring, enum report_state state, const char *text);

/* Adds one about it and another module. */
void stack_say_of(struct stack_advice *wiring, enum report_state state,
    const char *before, const struct pamstack_entry *entry, const char *after);

/* Names each module that judges passwords which the last trial has asked. */
void stack_say_asked(
    struct stack_advice *wiring, const char *before, const char *after);

/* Names who is asked about other logins, and not in the last trial. */
void stack_say_skipped(struct stack_advice *wiring);

/* Whether there is a module that judges passwords or, in account, is pam_unix.
 */
bool stack_has_password_module(const struct stack_advice *wiring);

/* Whether one of the module's lines was asked. */
bool stack_asks_own(
    const struct stack_advice *wiring, const bool asked[PAMSTACK_LINES]);

/* Whether it is one of the module's lines of that type. */
bool stack_is_own(
    const struct stack_advice *wiring, const struct pamstack_entry *entry);

/* Adds what is wrong with the place and control of a line of each type. */
void stack_judge_auth(struct stack_advice *wiring);
void stack_judge_session(struct stack_advice *wiring);
void stack_judge_account(struct stack_advice *wiring);

/* What the account lines make of a directory's users, whatever our control. */
void stack_judge_directory(struct stack_advice *wiring);

/* Adds what may keep setcred from the line, where that is to confine. */
void stack_judge_setcred(struct stack_advice *wiring);

/* Adds what is wrong with other lines of auth, each with what mends it. */
void stack_judge_others(struct stack_advice *wiring);

#endif
