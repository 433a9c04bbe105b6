/*
 * How the account lines treat an accepted token, for local users and for users
 * of a directory. For a local user pam_apitoken returns success, and its line
 * jumps over pam_unix. For a directory's user it returns ignore, and the
 * modules that judge logins by key judge this one, too.
 */
#include "doctor/stack_impl.h"

#include <string.h>

#include <security/pam_appl.h>

#include "doctor/stack_trial.h"
#include "pam/pam_modules.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What a directory's module returns for a user it refuses in any case. */
static const int REFUSALS[] = {PAM_PERM_DENIED, PAM_ACCT_EXPIRED, PAM_AUTH_ERR};

static int
try_local(struct stack_advice *wiring, int own, int password, int directory)
{
	const struct stack_user user = {true, password, directory};

	return stack_try_user(
	    wiring->stack, &wiring->unknown, own, &user, wiring->asked);
}

static int
try_remote(struct stack_advice *wiring, int password, int directory)
{
	const struct stack_user user = {false, password, directory};

	return stack_try_user(
	    wiring->stack, &wiring->unknown, PAM_IGNORE, &user, wiring->asked);
}

/* The first directory module, among those asked or among all; or NULL. */
static const struct pamstack_entry *
find_directory(
    const struct stack_advice *wiring, const bool asked[PAMSTACK_LINES])
{
	for (size_t i = 0; i < wiring->stack->count; i++) {
		const struct pamstack_entry *entry = &wiring->stack->entries[i];

		if (module_kind_of(entry) == MODULE_DIRECTORY &&
		    (asked == NULL || asked[i]))
			return entry;
	}
	return NULL;
}

/* What a directory may return for a user it does not know. */
static const int STRANGERS[] = {PAM_USER_UNKNOWN, PAM_IGNORE, PAM_SUCCESS};

/*
 * Sets *answer to the directory's answer that lets a local user log in without
 * a token, and returns PAM's result. If none does, returns the result with all
 * modules accepting.
 */
static int
find_answer(struct stack_advice *wiring, int *answer)
{
	int result = PAM_SUCCESS;

	for (size_t i = 0; i < COUNT_OF(STRANGERS); i++) {
		*answer = STRANGERS[i];
		result = try_local(
		    wiring, PAM_IGNORE, PAM_SUCCESS, STRANGERS[i]);
		if (result == PAM_SUCCESS)
			break;
	}
	return result;
}

/* A local owner: no module that would refuse a login by key may be skipped. */
static void
judge_skipped(struct stack_advice *wiring)
{
	for (size_t i = 0; i < COUNT_OF(REFUSALS); i++) {
		if (try_local(wiring, PAM_SUCCESS, PAM_SUCCESS, REFUSALS[i]) !=
			PAM_SUCCESS ||
		    try_local(wiring, PAM_IGNORE, PAM_SUCCESS, REFUSALS[i]) ==
			PAM_SUCCESS)
			continue;
		stack_say_of(wiring, REPORT_WRONG, "an accepted token skips ",
		    find_directory(wiring, wiring->asked),
		    ", which refuses other logins of the same user");
		return;
	}
}

/* A local owner: what does not stop a login by key must not stop this. */
static void
judge_strangers(struct stack_advice *wiring)
{
	static const int ANSWERS[] = {
	    PAM_USER_UNKNOWN, PAM_IGNORE, PAM_AUTHINFO_UNAVAIL};

	for (size_t i = 0; i < COUNT_OF(ANSWERS); i++) {
		if (try_local(wiring, PAM_SUCCESS, PAM_SUCCESS, ANSWERS[i]) ==
			PAM_SUCCESS ||
		    try_local(wiring, PAM_IGNORE, PAM_SUCCESS, ANSWERS[i]) !=
			PAM_SUCCESS)
			continue;
		stack_say_of(wiring, REPORT_WRONG,
		    "an accepted token of a local user does not log in where ",
		    find_directory(wiring, NULL),
		    ANSWERS[i] == PAM_AUTHINFO_UNAVAIL ? " is down"
						       : " does not know him");
		return;
	}
}

/* Whether our own line is what refuses logins without a token. */
static bool
minds_others(const struct stack_advice *wiring)
{
	return wiring->line->line.actions[PAM_IGNORE] != PAMLINE_DO_IGNORE;
}

/* Nobody logs in without a token: a service only for tokens may want that. */
static void
judge_nobody(struct stack_advice *wiring)
{
	if (try_local(wiring, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS) !=
	    PAM_SUCCESS)
		stack_say(wiring, REPORT_WRONG,
		    "nobody logs in, with a token or without");
	else if (minds_others(wiring))
		stack_say(wiring, REPORT_WARNING,
		    "nobody logs in without a token, nor a directory's user "
		    "with one");
}

/* Logins without a token succeed. */
static void
judge_others(struct stack_advice *wiring, int answer)
{
	if (stack_has_password_module(wiring) &&
	    try_local(wiring, PAM_IGNORE, PAM_ACCT_EXPIRED, answer) ==
		PAM_SUCCESS)
		stack_say(wiring, REPORT_WARNING,
		    "an account that pam_unix refuses logs in by password");
	if (try_local(wiring, PAM_MODULE_UNKNOWN, PAM_SUCCESS, answer) !=
	    PAM_SUCCESS)
		stack_say(wiring, REPORT_WARNING,
		    "nobody logs in should pam_apitoken.so be missing; it "
		    "needs module_unknown=ignore");
}

/* Logins with a token, where logins without one succeed. */
static void
judge_token(struct stack_advice *wiring, int answer)
{
	if (try_local(wiring, PAM_SUCCESS, PAM_NEW_AUTHTOK_REQD, answer) !=
	    PAM_SUCCESS)
		stack_say(wiring, REPORT_WRONG,
		    "an accepted token does not log in if the password is "
		    "aged");
	if (find_directory(wiring, NULL) == NULL)
		return;
	judge_skipped(wiring);
	judge_strangers(wiring);
}

void
stack_judge_account(struct stack_advice *wiring)
{
	int answer, other = find_answer(wiring, &answer);

	memcpy(wiring->others, wiring->asked, sizeof(wiring->others));
	(void)try_local(wiring, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS);
	if (!stack_asks_own(wiring, wiring->asked)) {
		stack_say(wiring, REPORT_WRONG,
		    "PAM never reaches this line: a token that has been "
		    "revoked in the meantime logs in");
		return;
	}
	if (try_local(wiring, PAM_PERM_DENIED, PAM_SUCCESS, answer) ==
		PAM_SUCCESS ||
	    try_local(wiring, PAM_ACCT_EXPIRED, PAM_SUCCESS, answer) ==
		PAM_SUCCESS)
		stack_say(wiring, REPORT_WRONG,
		    "a token that is refused here logs in; it needs "
		    "default=die");
	if (other == PAM_SUCCESS)
		judge_token(wiring, answer);
	(void)try_local(wiring, PAM_SUCCESS, PAM_SUCCESS, answer);
	stack_say_asked(wiring, "an accepted token is judged by ",
	    " as well, which asks a program to change an aged password");
	stack_say_skipped(wiring);
	if (other == PAM_SUCCESS)
		judge_others(wiring, answer);
	else
		judge_nobody(wiring);
}

static void
say_directory(struct stack_advice *wiring, enum report_state state,
    const char *before, const char *after, const char *fix)
{
	stack_say_of(
	    wiring, state, before, find_directory(wiring, NULL), after);
	if (fix != NULL)
		report_fix(wiring->report, "%s", fix);
}

/* Who gets in, if pam_unix knows nothing about the directory's users. */
static void
judge_refusals(struct stack_advice *wiring)
{
	static const char FIX[] =
	    "let the line of that module refuse by default=bad, or end what "
	    "it ignores in account requisite pam_deny.so";

	for (size_t i = 0; i < COUNT_OF(REFUSALS); i++) {
		if (try_remote(wiring, PAM_AUTHINFO_UNAVAIL, REFUSALS[i]) !=
		    PAM_SUCCESS)
			continue;
		say_directory(wiring, REPORT_WARNING, "a user whom ",
		    " refuses logs in, with a token or without", FIX);
		return;
	}
	if (try_remote(wiring, PAM_AUTHINFO_UNAVAIL, PAM_USER_UNKNOWN) ==
	    PAM_SUCCESS)
		say_directory(wiring, REPORT_WARNING, "a user whom ",
		    " does not know logs in, with a token or without", FIX);
	else if (try_remote(wiring, PAM_AUTHINFO_UNAVAIL,
		     PAM_AUTHINFO_UNAVAIL) == PAM_SUCCESS)
		say_directory(wiring, REPORT_WARNING, "while ",
		    " is down its users log in, with a token or without", FIX);
	else if (try_remote(wiring, PAM_SUCCESS, PAM_ACCT_EXPIRED) ==
	    PAM_SUCCESS)
		say_directory(wiring, REPORT_OK, "",
		    " has no say about users of a directory against whom "
		    "pam_unix has nothing, with a token or without",
		    NULL);
}

void
stack_judge_directory(struct stack_advice *wiring)
{
	const struct pamstack_entry *directory = find_directory(wiring, NULL);

	if (try_remote(wiring, PAM_SUCCESS, PAM_SUCCESS) != PAM_SUCCESS) {
		if (minds_others(wiring) ||
		    try_local(wiring, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS) !=
			PAM_SUCCESS)
			return;
		stack_say(wiring, REPORT_WARNING,
		    "nobody logs in without a token, nor a directory's user "
		    "with one");
		report_fix(wiring->report,
		    "right where only tokens of local users are to be taken; "
		    "else let what judges accounts stand behind the line: "
		    "pam_apitoken(8), STACKS");
		return;
	}
	if (directory != NULL)
		judge_refusals(wiring);
}
