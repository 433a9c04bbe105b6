/* Private to stack_advice.c and the files that judge for it. */
#ifndef TOKENADM_STACK_IMPL_H
#define TOKENADM_STACK_IMPL_H

#include "doctor/report.h"
#include "doctor/stack_trial.h"
#include "pam/pamstack.h"

#define STACK_MISSED 4

/* One of the three types, and the line to be judged. */
struct stack_advice {
	struct report *report;
	const struct pamstack *stack;
	const struct pamstack_entry *line;
	enum pamline_type type;
	struct stack_unknown unknown; /* what trials take for granted */
	/* Lines that a trial asked, by their index in the stack. */
	bool asked[PAMSTACK_LINES], others[PAMSTACK_LINES];
	/* Lines that an accepted token must not skip, as many as fit. */
	const struct pamstack_entry *missed[STACK_MISSED];
	size_t missed_count;
};

/* Adds a finding about the line. */
void stack_say(
    struct stack_advice *wiring, enum report_state state, const char *text);

/* Adds one about the line and another module. */
void stack_say_of(struct stack_advice *wiring, enum report_state state,
    const char *before, const struct pamstack_entry *entry, const char *after);

/* Names each password module that the last trial asked. */
void stack_say_asked(
    struct stack_advice *wiring, const char *before, const char *after);

/* Names modules that are asked for other logins, but not in the last trial. */
void stack_say_skipped(struct stack_advice *wiring);

/* Whether there is a password module or, in account, pam_unix. */
bool stack_has_password_module(const struct stack_advice *wiring);

/* Whether one of our lines was asked. */
bool stack_asks_own(
    const struct stack_advice *wiring, const bool asked[PAMSTACK_LINES]);

/* Whether it is one of our lines of that type. */
bool stack_is_own(
    const struct stack_advice *wiring, const struct pamstack_entry *entry);

/* Judges place and control of the line, whatever its type. */
void stack_judge_controls(struct stack_advice *wiring);

/* Judges what stands beside the line, and what its control cannot mend. */
void stack_judge_beside(struct stack_advice *wiring);

/* Report what is wrong with the place and control of a line of each type. */
void stack_judge_auth(struct stack_advice *wiring);
void stack_judge_session(struct stack_advice *wiring);
void stack_judge_account(struct stack_advice *wiring);

typedef void stack_judge_fn(struct stack_advice *wiring);

/*
 * Runs the judge once as usual, and once for each module whose answer nobody
 * knows with the opposite one. What is found both ways stays what it is; what
 * is found one way only becomes a warning, which names the module.
 */
void stack_judge_both_ways(struct stack_advice *wiring, stack_judge_fn *judge);

/* How the account lines treat a directory's users, whatever our control. */
void stack_judge_directory(struct stack_advice *wiring);

/* Reports what may keep setcred from reaching a line that confines. */
void stack_judge_setcred(struct stack_advice *wiring);

/* Reports what is wrong with other auth lines, each with its fix. */
void stack_judge_others(struct stack_advice *wiring);

#endif
