#include "doctor/stack_impl.h"

#include <stdio.h>

#include <security/pam_appl.h>

#include "doctor/stack_trial.h"
#include "pam/own_lines.h"
#include "pam/pam_modules.h"

void
stack_say(
    struct stack_advice *wiring, enum report_state state, const char *text)
{
	report_add(wiring->report, state, "%s:%zu: %s: %s", wiring->line->file,
	    wiring->line->number, pamline_type_name(wiring->type), text);
}

bool
stack_is_own(
    const struct stack_advice *wiring, const struct pamstack_entry *entry)
{
	return entry->line.type == wiring->type &&
	    pamstack_is(entry, STACK_MODULE);
}

static int
try(struct stack_advice *wiring, bool asked[PAMSTACK_LINES], int own,
    int password)
{
	return stack_try(wiring->stack, wiring->type, &wiring->unknown, own,
	    password, asked);
}

void
stack_say_of(struct stack_advice *wiring, enum report_state state,
    const char *before, const struct pamstack_entry *entry, const char *after)
{
	char text[ERROR_TEXT_MAX];

	(void)snprintf(text, sizeof(text), "%s%s%s", before,
	    pamstack_module(entry), after);
	stack_say(wiring, state, text);
}

bool
stack_asks_own(
    const struct stack_advice *wiring, const bool asked[PAMSTACK_LINES])
{
	for (size_t i = 0; i < wiring->stack->count; i++) {
		if (asked[i] &&
		    stack_is_own(wiring, &wiring->stack->entries[i]))
			return true;
	}
	return false;
}

void
stack_say_asked(
    struct stack_advice *wiring, const char *before, const char *after)
{
	for (size_t i = 0; i < wiring->stack->count; i++) {
		const struct pamstack_entry *entry = &wiring->stack->entries[i];

		if (wiring->asked[i] &&
		    module_kind_of(entry) == MODULE_PASSWORD)
			stack_say_of(
			    wiring, REPORT_WRONG, before, entry, after);
	}
}

/* Whether a line with that module and arguments was asked. */
static bool
is_asked_elsewhere(
    const struct stack_advice *wiring, const struct pamstack_entry *entry)
{
	for (size_t i = 0; i < wiring->stack->count; i++) {
		if (wiring->asked[i] &&
		    pamstack_is_same(&wiring->stack->entries[i], entry))
			return true;
	}
	return false;
}

/* Whether a login without a token can be refused by this line's no. */
static bool
can_refuse(
    const struct stack_advice *wiring, const struct pamstack_entry *entry)
{
	static const int RESULTS[] = {
	    PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_USER_UNKNOWN, PAM_ACCT_EXPIRED};
	bool asked[PAMSTACK_LINES];

	for (size_t i = 0; i < sizeof(RESULTS) / sizeof(RESULTS[0]); i++) {
		const struct stack_failure failure = {entry, RESULTS[i]};

		if (stack_try_failing(wiring->stack, wiring->type, &failure,
			wiring->type == PAMLINE_AUTH ? PAM_AUTH_ERR
						     : PAM_IGNORE,
			PAM_SUCCESS, asked) != PAM_SUCCESS)
			return true;
	}
	return false;
}

static void
say_skipped(struct stack_advice *wiring, const struct pamstack_entry *entry)
{
	enum module_kind kind = module_kind_of(entry);

	if (kind == MODULE_UNKNOWN &&
	    (!module_is_alternative(entry) || can_refuse(wiring, entry)))
		stack_say_of(wiring, REPORT_WARNING, "an accepted token skips ",
		    entry, ": right only if that asks for a password");
	if (wiring->type == PAMLINE_AUTH && pamstack_is(entry, "pam_env"))
		stack_say_of(wiring, REPORT_OK, "an accepted token skips ",
		    entry, ": a session of its does not get these variables");
	if (kind != MODULE_KEEPER || module_is_mild(entry))
		return;
	if (wiring->type != PAMLINE_SESSION && module_only_judges(entry) &&
	    !can_refuse(wiring, entry))
		return;
	stack_say_of(wiring, REPORT_WRONG, "an accepted token skips ", entry,
	    ", which has its say about other logins");
	if (wiring->unknown.odd != NULL)
		return;
	if (wiring->missed_count < STACK_MISSED)
		wiring->missed[wiring->missed_count] = entry;
	wiring->missed_count++;
}

void
stack_say_skipped(struct stack_advice *wiring)
{
	for (size_t i = 0; i < wiring->stack->count; i++) {
		const struct pamstack_entry *entry = &wiring->stack->entries[i];

		if (!wiring->asked[i] && wiring->others[i] &&
		    !module_hands_on(entry) &&
		    !is_asked_elsewhere(wiring, entry))
			say_skipped(wiring, entry);
	}
}

bool
stack_has_password_module(const struct stack_advice *wiring)
{
	for (size_t i = 0; i < wiring->stack->count; i++) {
		const struct pamstack_entry *entry = &wiring->stack->entries[i];

		if (entry->line.type == wiring->type &&
		    module_kind_of(entry) == MODULE_PASSWORD)
			return true;
	}
	return false;
}

/* No failure of ours may let anybody in whom nobody else accepts. */
static void
judge_failures(struct stack_advice *wiring)
{
	static const struct stack_unknown REFUSE = {true, NULL};

	for (int result = 1; result < PAMLINE_RESULTS; result++) {
		char text[128];

		if (result == PAM_PERM_DENIED || result == PAM_IGNORE ||
		    stack_try(wiring->stack, PAMLINE_AUTH, &REFUSE, result,
			PAM_AUTH_ERR, wiring->asked) != PAM_SUCCESS)
			continue;
		(void)snprintf(text, sizeof(text),
		    "any password lets in: %s from pam_apitoken, with every "
		    "password refused, ends in success",
		    pamline_result_name(result));
		stack_say(wiring, REPORT_WRONG, text);
		return;
	}
}

static void
judge_refused_auth(struct stack_advice *wiring)
{
	if (try(wiring, wiring->asked, PAM_PERM_DENIED, PAM_AUTH_ERR) ==
	    PAM_SUCCESS)
		stack_say(wiring, REPORT_WRONG,
		    "a refused token logs in: nothing refuses behind it");
	else if (try(wiring, wiring->asked, PAM_PERM_DENIED, PAM_SUCCESS) ==
	    PAM_SUCCESS)
		stack_say(wiring, REPORT_WRONG,
		    "a refused token goes on to the password modules, and "
		    "logs in if it is somebody's password");
	(void)try(wiring, wiring->asked, PAM_PERM_DENIED, PAM_AUTH_ERR);
	stack_say_asked(wiring, "a refused token is handed to ",
	    " as a password; it needs perm_denied=die, and to stand first");
}

static void
judge_accepted_auth(struct stack_advice *wiring)
{
	int other;

	(void)try(wiring, wiring->others, PAM_AUTH_ERR, PAM_SUCCESS);
	other = try(wiring, wiring->asked, PAM_SUCCESS, PAM_AUTH_ERR);
	if (other != PAM_SUCCESS)
		stack_say(
		    wiring, REPORT_WRONG, "an accepted token does not log in");
	stack_say_asked(
	    wiring, "an accepted token is handed to ", " as a password, too");
	stack_say_skipped(wiring);
}

static void
judge_passwords(struct stack_advice *wiring)
{
	if (!stack_has_password_module(wiring))
		return;
	if (try(wiring, wiring->asked, PAM_AUTH_ERR, PAM_SUCCESS) !=
	    PAM_SUCCESS)
		stack_say(
		    wiring, REPORT_WARNING, "passwords do not log in here");
	else if (try(wiring, wiring->asked, PAM_MODULE_UNKNOWN, PAM_SUCCESS) !=
	    PAM_SUCCESS)
		stack_say(wiring, REPORT_WARNING,
		    "no password logs in should pam_apitoken.so be missing");
}

void
stack_judge_auth(struct stack_advice *wiring)
{
	(void)try(wiring, wiring->asked, PAM_SUCCESS, PAM_AUTH_ERR);
	if (!stack_asks_own(wiring, wiring->asked)) {
		stack_say(wiring, REPORT_WRONG,
		    "PAM never reaches this line: tokens are not looked at");
		return;
	}
	judge_refused_auth(wiring);
	judge_failures(wiring);
	judge_accepted_auth(wiring);
	judge_passwords(wiring);
}

void
stack_judge_session(struct stack_advice *wiring)
{
	(void)try(wiring, wiring->others, PAM_IGNORE, PAM_SUCCESS);
	if (try(wiring, wiring->asked, PAM_SUCCESS, PAM_SUCCESS) != PAM_SUCCESS)
		stack_say(wiring, REPORT_WRONG, "nobody gets a session");
	if (!stack_asks_own(wiring, wiring->asked)) {
		stack_say(wiring, REPORT_WRONG, "PAM never reaches this line");
		return;
	}
	stack_say_skipped(wiring);
	if (try(wiring, wiring->asked, PAM_SESSION_ERR, PAM_SUCCESS) ==
	    PAM_SUCCESS)
		stack_say(wiring, REPORT_WRONG,
		    "a session that is refused here is opened all the same; "
		    "it needs default=bad");
	if (try(wiring, wiring->asked, PAM_MODULE_UNKNOWN, PAM_SUCCESS) !=
	    PAM_SUCCESS)
		stack_say(wiring, REPORT_WARNING,
		    "nobody gets a session should pam_apitoken.so be missing; "
		    "it needs module_unknown=ignore");
}
