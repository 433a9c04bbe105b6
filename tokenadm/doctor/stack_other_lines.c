/* How other auth lines can let a login in by failing. */
#include "doctor/stack_impl.h"

#include <stdio.h>

#include <security/pam_appl.h>

#include "doctor/stack_trial.h"
#include "pam/pam_modules.h"

static void
say_of(struct stack_advice *wiring, enum report_state state,
    const struct pamstack_entry *entry, const char *text)
{
	report_add(wiring->report, state, "%s:%zu: %s: %s", entry->file,
	    entry->number, pamstack_module(entry), text);
}

static bool
refuses(const struct pamstack_entry *entry, int result)
{
	int action = entry->line.actions[result];

	return action == PAMLINE_DO_BAD || action == PAMLINE_DO_DIE;
}

/* The last password module asked whose line does not refuse at this result. */
static const struct pamstack_entry *
find_lenient(const struct stack_advice *wiring, int result)
{
	const struct pamstack_entry *found = wiring->line;

	for (size_t i = 0; i < wiring->stack->count; i++) {
		const struct pamstack_entry *entry = &wiring->stack->entries[i];

		if (wiring->asked[i] &&
		    module_kind_of(entry) == MODULE_PASSWORD &&
		    !refuses(entry, result))
			found = entry;
	}
	return found;
}

/* A password may be refused for an unknown user, or a service that is down. */
static void
judge_unknown_users(struct stack_advice *wiring)
{
	static const int RESULTS[] = {PAM_USER_UNKNOWN, PAM_AUTHINFO_UNAVAIL};

	if (stack_try(wiring->stack, wiring->type, NULL, PAM_AUTH_ERR,
		PAM_AUTH_ERR, wiring->asked) == PAM_SUCCESS)
		return; /* even with all refused; reported elsewhere */
	for (size_t i = 0; i < sizeof(RESULTS) / sizeof(RESULTS[0]); i++) {
		char text[128];

		if (stack_try(wiring->stack, wiring->type, NULL, PAM_AUTH_ERR,
			RESULTS[i], wiring->asked) != PAM_SUCCESS)
			continue;
		(void)snprintf(text, sizeof(text),
		    "any password lets in: its %s ends in success",
		    pamline_result_name(RESULTS[i]));
		say_of(wiring, REPORT_WRONG, find_lenient(wiring, RESULTS[i]),
		    text);
		report_fix(wiring->report,
		    "end what its line ignores in auth requisite pam_deny.so");
		return;
	}
}

static bool
jumps(const struct pamstack_entry *entry)
{
	for (int i = 1; i < PAMLINE_RESULTS; i++) {
		if (entry->line.actions[i] > 0)
			return true;
	}
	return false;
}

/* Whether its failure lets a login in that ours and the passwords refuse. */
static bool
lets_in(
    struct stack_advice *wiring, const struct pamstack_entry *failing, int own)
{
	static const int RESULTS[] = {PAM_AUTH_ERR, PAM_PERM_DENIED};

	for (size_t i = 0; i < sizeof(RESULTS) / sizeof(RESULTS[0]); i++) {
		const struct stack_failure failure = {failing, RESULTS[i]};

		if (stack_try_failing(wiring->stack, PAMLINE_AUTH, &failure,
			own, PAM_AUTH_ERR, wiring->asked) == PAM_SUCCESS &&
		    stack_try(wiring->stack, PAMLINE_AUTH, NULL, own,
			PAM_AUTH_ERR, wiring->asked) != PAM_SUCCESS)
			return true;
	}
	return false;
}

static void
judge_jumps(struct stack_advice *wiring)
{
	for (size_t i = 0; i < wiring->stack->count; i++) {
		const struct pamstack_entry *entry = &wiring->stack->entries[i];
		enum module_kind kind = module_kind_of(entry);

		if (entry->line.type != PAMLINE_AUTH ||
		    entry->line.kind != PAMLINE_MODULE ||
		    (kind != MODULE_KEEPER && kind != MODULE_UNKNOWN) ||
		    !jumps(entry))
			continue;
		if (lets_in(wiring, entry, PAM_AUTH_ERR))
			say_of(wiring, REPORT_WRONG, entry,
			    "if it fails, any password lets in");
		else if (lets_in(wiring, entry, PAM_PERM_DENIED))
			say_of(wiring, REPORT_WRONG, entry,
			    "if it fails, a refused token logs in");
		else
			continue;
		report_fix(wiring->report,
		    "let its jump end before what asks for passwords, or on a "
		    "line that refuses");
	}
}

/* Modules that see what was typed, and pass it on. */
static void
judge_readers(struct stack_advice *wiring)
{
	/* Refused tokens and passwords may pass these before ours, too. */
	(void)stack_try(wiring->stack, wiring->type, NULL, PAM_SUCCESS,
	    PAM_AUTH_ERR, wiring->asked);
	for (size_t i = 0; i < wiring->stack->count; i++) {
		const struct pamstack_entry *entry = &wiring->stack->entries[i];

		if (!wiring->asked[i] || !module_hands_on(entry))
			continue;
		say_of(wiring, REPORT_WARNING, entry,
		    entry < wiring->line
			? "expose_authtok: is handed the token, every one"
			: "expose_authtok: is handed the token, if accepted");
		report_fix(wiring->report,
		    "let it stand behind pam_apitoken's line, where an "
		    "accepted token jumps over it");
	}
}

/* Modules that have to be content with the token as well. */
static void
judge_factors(struct stack_advice *wiring)
{
	(void)stack_try(wiring->stack, wiring->type, NULL, PAM_SUCCESS,
	    PAM_AUTH_ERR, wiring->asked);
	for (size_t i = 0; i < wiring->stack->count; i++) {
		const struct pamstack_entry *entry = &wiring->stack->entries[i];

		if (wiring->asked[i] && module_is_factor(entry) &&
		    !module_is_alternative(entry))
			say_of(wiring, REPORT_OK, entry,
			    "is asked about an accepted token, too: a program "
			    "needs more than the token");
	}
}

void
stack_judge_others(struct stack_advice *wiring)
{
	judge_unknown_users(wiring);
	judge_jumps(wiring);
	judge_readers(wiring);
	judge_factors(wiring);
}
