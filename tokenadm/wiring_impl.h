/* What is shared by wiring.c and wiring_judge.c only. */
#ifndef TOKENADM_WIRING_IMPL_H
#define TOKENADM_WIRING_IMPL_H

#include "wiring.h"

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

/* Whether it is one of the module's lines of that type. */
bool wiring_is_own(
    const struct wiring *wiring, const struct pamstack_entry *entry);

/* Adds what is wrong with the line's place and control. */
void wiring_judge_controls(struct wiring *wiring);

/*
 * As wiring_try in auth with every password refused, where this line alone
 * answers failure.
 */
int wiring_try_failing(const struct pamstack *stack, int own,
    const struct pamstack_entry *failing, int failure,
    bool asked[PAMSTACK_LINES]);

/* Adds what is wrong with other lines of auth, each with what mends it. */
void wiring_judge_others(struct wiring *wiring);

#endif
