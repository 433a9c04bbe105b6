#include "doctor/login_stacks.h"

#include <security/pam_appl.h>
#include <stdio.h>

#include "account/account.h"
#include "doctor/stack_trial.h"
#include "pam/own_lines.h"
#include "pam/pam_modules.h"
#include "pam/pam_unix.h"

struct run {
	struct steps *steps;
	const struct pamstack *stack;
	const char *user;
	int64_t now;
};

/* Lists the other modules that PAM calls, as many as fit. */
static void
name_asked(const struct pamstack *stack, enum pamline_type type,
    const bool asked[PAMSTACK_LINES], char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < stack->count && len < size; i++) {
		const struct pamstack_entry *entry = &stack->entries[i];

		if (asked[i] && entry->line.type == type &&
		    !pamstack_is(entry, STACK_MODULE))
			len += (size_t)snprintf(text + len, size - len, " %s",
			    pamstack_module(entry));
	}
}

/* These may refuse: their answer is not known here. */
static void
note_others(const struct run *run, enum pamline_type type,
    const bool asked[PAMSTACK_LINES])
{
	for (size_t i = 0; i < run->stack->count; i++) {
		const struct pamstack_entry *entry = &run->stack->entries[i];
		enum module_kind kind = module_kind_of(entry);

		if (asked[i] && entry->line.type == type &&
		    kind != MODULE_OWN && kind != MODULE_FIXED)
			steps_add_other(run->steps, pamstack_module(entry));
	}
}

/* Shows PAM's result for the module's answer, and which modules were called. */
static bool
show_stack(const struct run *run, enum pamline_type type, int own, int result,
    const bool asked[PAMSTACK_LINES])
{
	bool has_line = own_lines_find(run->stack, type) != NULL;
	char names[256];

	names[0] = '\0';
	if (type != PAMLINE_SESSION) {
		name_asked(run->stack, type, asked, names, sizeof(names));
		note_others(run, type, asked);
	}
	steps_add(run->steps, pamline_type_name(type),
	    result == PAM_SUCCESS ? OUTCOME_PASSED : OUTCOME_FAILED,
	    "%s%s, PAM: %s%s%s",
	    has_line ? "pam_apitoken: " : "pam_apitoken is not there",
	    has_line ? pamline_result_name(own) : "",
	    pamline_result_name(result), names[0] != '\0' ? "; asked too:" : "",
	    names);
	return result == PAM_SUCCESS;
}

/* Assumes that all other modules accept. */
static bool
run_stack(const struct run *run, enum pamline_type type, int own, int password)
{
	bool asked[PAMSTACK_LINES];
	int result = stack_try(run->stack, type, NULL, own, password, asked);

	return show_stack(run, type, own, result, asked);
}

/* Assumes that all account modules accept, except pam_unix. */
static bool
run_account(const struct run *run, int own)
{
	const struct stack_user user = {
	    .is_local = account_is_local(run->user) == ERR_OK,
	    .password = pam_unix_account(run->user, run->now),
	    .directory = PAM_SUCCESS,
	};
	bool asked[PAMSTACK_LINES];
	int answer = own == PAM_SUCCESS && user.is_local ? PAM_SUCCESS
							 : PAM_IGNORE;
	int result = stack_try_user(run->stack, NULL, answer, &user, asked);

	if (own == PAM_SUCCESS && !user.is_local)
		steps_add(run->steps, "directory", OUTCOME_PASSED,
		    "/etc/passwd does not list %s: whatever judges a login by "
		    "key judges this one",
		    run->user);
	return show_stack(run, PAMLINE_ACCOUNT, answer, result, asked);
}

bool
login_stacks(struct steps *steps, const struct pamstack *stack,
    const char *user, int64_t now, int own)
{
	const struct run run = {steps, stack, user, now};

	/* Anything but a token would have to be a password. */
	return run_stack(&run, PAMLINE_AUTH, own, PAM_AUTH_ERR) &&
	    run_account(&run, own) &&
	    run_stack(&run, PAMLINE_SESSION, PAM_SUCCESS, PAM_SUCCESS);
}
