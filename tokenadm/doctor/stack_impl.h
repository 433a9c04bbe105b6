/* What is shared by stack_advice.c and the files that judge for it only. */
#ifndef TOKENADM_STACK_IMPL_H
#define TOKENADM_STACK_IMPL_H

#include "doctor/stack_advice.h"

/* One of the three types, and the line that is judged. */
struct wiring {
	struct report *report;
	const struct pamstack *stack;
	const struct pamstack_entry *line;
	enum pamline_type type;
	/* Who was asked in a trial, by place in the stack. */
	bool asked[PAMSTACK_LINES], others[PAMSTACK_LINES];
};

/* Adds a finding about the line. */
void wiring_say(
    struct wiring *wiring, enum report_state state, const char *text);

/* Adds one about it and another module. */
void wiring_say_of(struct wiring *wiring, enum report_state state,
    const char *before, const struct pamstack_entry *entry, const char *after);

/* Names each module that judges passwords which the last trial has asked. */
void wiring_say_asked(
    struct wiring *wiring, const char *before, const char *after);

/* Names who is asked about other logins, and not in the last trial. */
void wiring_say_skipped(struct wiring *wiring);

/* Whether there is a module that judges passwords or, in account, is pam_unix.
 */
bool wiring_has_password_module(const struct wiring *wiring);

/* Whether one of the module's lines was asked. */
bool wiring_asks_own(
    const struct wiring *wiring, const bool asked[PAMSTACK_LINES]);

/* Whether it is one of the module's lines of that type. */
bool wiring_is_own(
    const struct wiring *wiring, const struct pamstack_entry *entry);

/* Adds what is wrong with the line's place and control. */
void wiring_judge_controls(struct wiring *wiring);

/* The same of an account line. */
void wiring_judge_account(struct wiring *wiring);

/* What the account lines make of a directory's users, whatever our control. */
void wiring_judge_directory(struct wiring *wiring);

/*
 * As wiring_try in auth with every password refused, where this line alone
 * answers failure.
 */
int wiring_try_failing(const struct pamstack *stack, int own,
    const struct pamstack_entry *failing, int failure,
    bool asked[PAMSTACK_LINES]);

/* Adds what may keep setcred from the line, where that is to confine. */
void wiring_judge_setcred(struct wiring *wiring);

/* Adds what is wrong with other lines of auth, each with what mends it. */
void wiring_judge_others(struct wiring *wiring);

#endif
