/*
 * Whether pam_setcred(3) reaches our line. In auth libpam records what each
 * module returns, and setcred follows that. In a process that did not run auth
 * (sshd's child after keyboard-interactive) nothing is recorded, and setcred
 * follows what the modules return to setcred itself. That is success or ignore,
 * and may differ between processes (_pam_dispatch_aux).
 */
#include "doctor/stack_impl.h"

#include <stdio.h>
#include <string.h>

#include <security/pam_appl.h>

#include "pam/own_lines.h"
#include "pam/pam_modules.h"
#include "pam/pamrun.h"

struct call {
	struct stack_advice *wiring;
	int others; /* what the modules above ours return */
	const struct pamstack_entry *odd; /* except this one: the opposite */
};

static int
answer(const struct pamstack_entry *entry, void *arg)
{
	struct call *call = arg;
	int opposite = call->others == PAM_IGNORE ? PAM_SUCCESS : PAM_IGNORE;

	call->wiring->asked[entry - call->wiring->stack->entries] = true;
	switch (module_kind_of(entry)) {
	case MODULE_OWN:
		return PAM_SUCCESS;
	case MODULE_FIXED:
		return module_answer_of(entry);
	default:
		return entry == call->odd ? opposite : call->others;
	}
}

static bool
comes_to_own(
    struct stack_advice *wiring, int others, const struct pamstack_entry *odd)
{
	struct call call = {wiring, others, odd};

	memset(wiring->asked, 0, sizeof(wiring->asked));
	(void)pamrun(wiring->stack, PAMLINE_AUTH, answer, &call);
	return stack_asks_own(wiring, wiring->asked);
}

/* The first line above ours that was asked, and jumps at that result. */
static const struct pamstack_entry *
find_jump(const struct stack_advice *wiring, int result)
{
	const struct pamstack_entry *entry = wiring->stack->entries;

	for (; entry < wiring->line; entry++) {
		int action = entry->line.actions[result];

		if (wiring->asked[entry - wiring->stack->entries] &&
		    (action > 0 || action == PAMLINE_DO_DONE ||
			action == PAMLINE_DO_DIE))
			return entry;
	}
	return NULL;
}

/* Tries all others with the same answer, then each with the opposite one. */
static bool
is_passed_over(struct stack_advice *wiring, int others)
{
	const struct pamstack_entry *odd = wiring->stack->entries;

	if (!comes_to_own(wiring, others, NULL))
		return true;
	for (; odd < wiring->line; odd++) {
		if (odd->line.type == PAMLINE_AUTH &&
		    !comes_to_own(wiring, others, odd))
			return true;
	}
	return false;
}

/* Without a session line that confines, setcred is all that does. */
static void
say_jump(struct stack_advice *wiring, const struct pamstack_entry *jump)
{
	const struct pamstack_entry *session = own_lines_find(
	    wiring->stack, PAMLINE_SESSION);
	char text[ERROR_TEXT_MAX];

	if (session != NULL && pamline_has(&session->line, "confine=")) {
		(void)snprintf(text, sizeof(text),
		    "%s above may skip this line in setcred: a confined "
		    "session of sshd cannot write, but /run and /tmp are not "
		    "hidden from it",
		    pamstack_module(jump));
		stack_say(wiring, REPORT_WARNING, text);
		report_fix(wiring->report,
		    "let pam_apitoken's line stand first in auth, and ask %s "
		    "in account",
		    pamstack_module(jump));
		return;
	}
	(void)snprintf(text, sizeof(text),
	    "%s above may skip this line in setcred, and no session line "
	    "confines: a session that must not write can write then",
	    pamstack_module(jump));
	stack_say(wiring, REPORT_WRONG, text);
	report_fix(wiring->report,
	    "add the session line of pam_apitoken(8), STACKS, with the same "
	    "confine=");
}

void
stack_judge_setcred(struct stack_advice *wiring)
{
	static const int ANSWERS[] = {PAM_SUCCESS, PAM_IGNORE};
	const struct pamstack_entry *jump = NULL;

	if (!pamline_has(&wiring->line->line, "confine="))
		return;
	for (size_t i = 0; jump == NULL && i < 2; i++) {
		if (!is_passed_over(wiring, ANSWERS[i]))
			continue;
		jump = find_jump(wiring, PAM_IGNORE);
		if (jump == NULL)
			jump = find_jump(wiring, PAM_SUCCESS);
	}
	if (jump != NULL)
		say_jump(wiring, jump);
}
