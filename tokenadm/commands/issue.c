#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch/batch_issue.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/logo_option.h"
#include "cli/signal_block.h"
#include "commands/show.h"
#include "issue/fleet_issue.h"
#include "issue/handover.h"
#include "issue/if_absent.h"
#include "issue/interview.h"
#include "issue/owner.h"
#include "issue/preset_options.h"
#include "issue/required_scopes.h"
#include "issue/service_warnings.h"
#include "issue/token_options.h"
#include "lifecycle/policy.h"
#include "outbox/fleet_side.h"
#include "store/logos.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/transaction.h"

/* Whether a service of the token's takes its scopes, or nobody asks. */
static enum err
check_scopes(const struct context *context, const struct args *args,
    const struct record *record, struct error *why)
{
	/* Other machines have other services. */
	return args_has(args, "force") || context->fleet != NULL
	    ? ERR_OK
	    : required_scopes_check(context->config.groups, record, why);
}

/* Reads the options into the record. */
static enum err
set_given(struct context *context, const struct args *args,
    const struct policy *policy, struct record *record)
{
	const struct config *config = &context->config;
	struct error *why = &context->error;
	enum err rc;

	strcpy(record->scopes, TOKEN_OPTIONS_DEFAULT_SCOPE);
	record->is_short = args_has(args, "short");
	rc = token_options_set_given(record, config, args, context->now, why);
	if (rc == ERR_OK)
		rc = policy_set_expiry(policy, args_get(args, "expires"),
		    context->now, record->starts, &record->expires, why);
	if (rc == ERR_OK)
		rc = policy_check_start(record, why);
	if (rc == ERR_OK)
		rc = policy_check_limits(
		    policy, config->groups, record, context->now, why);
	return rc;
}

/* The same, within the preset, if there is one. */
static enum err
set_limits(struct context *context, const struct args *args,
    const struct policy *policy, struct record *record)
{
	const char *name = args_get(args, "preset");
	struct error *why = &context->error;
	const struct preset *preset;
	enum err rc;

	if (name == NULL)
		return set_given(context, args, policy, record);
	rc = preset_options_find(&context->config, name, &preset, why);
	if (rc != ERR_OK)
		return rc;
	strcpy(record->preset, preset->name);
	rc = preset_options_explain(
	    preset, set_given(context, args, policy, record), why);
	if (rc == ERR_OK)
		rc = preset_options_check(
		    preset, context->config.groups, record, why);
	return rc == ERR_OK ? preset_options_check_expiry(
				  preset, record->expires, context->now, why)
			    : rc;
}

static enum err
add(struct context *context, struct store *store, const struct policy *policy,
    const struct logo *logo, struct record *record, char text[TOKEN_LEN + 1])
{
	struct error *why = &context->error;
	enum err rc = policy_check_room(
	    policy, store, record, context->now, why);

	if (rc != ERR_OK)
		return rc;
	rc = store_draw_token(store, record, text, why);
	if (rc == ERR_OK && logo != NULL)
		rc = logos_put(store, record, logo, why);
	if (rc == ERR_OK)
		rc = store_add(store, record, why);
	if (rc != ERR_OK)
		return rc;
	return policy_prune(policy, store, record->user, context->now, why);
}

/* A token that nobody saw must not live. */
static enum err
withdraw(struct context *context, const struct record *record)
{
	struct transaction change;
	enum err rc = transaction_begin(&change, context);

	if (rc == ERR_OK) {
		rc = store_remove(change.store, record, &context->error);
		rc = transaction_end(&change, context, rc);
	}
	return rc;
}

/* One that is not confirmed is not shown: it may never be good. */
static enum err
withdraw_unconfirmed(struct context *context, const struct record *record)
{
	/* To withdraw it may not be confirmed, either. */
	struct fleet_unconfirmed reason = context->fleet->unconfirmed;

	return fleet_issue_unconfirmed(
	    context, record, &reason, withdraw(context, record));
}

/* Hands it over; if that fails, withdraws it. */
static enum err
deliver(struct context *context, const struct args *args,
    const struct record *record, const char text[])
{
	enum err rc = handover_show(context, args, record, text);

	return rc == ERR_OK
	    ? rc
	    : handover_withdrawn(context, record, withdraw(context, record));
}

static void
warn(const char *warnings)
{
	signal_window_open(NULL);
	fputs(warnings, stderr);
	(void)signal_window_close();
}

/* warnings: what to print once the token is issued. */
static enum err
issue(struct context *context, const struct args *args,
    const struct policy *policy, const struct logo *logo, struct record *record,
    const char *warnings)
{
	struct if_absent absent = {.found = false};
	char text[TOKEN_LEN + 1];
	struct transaction change;
	struct error unfit;
	enum err rc, fits = ERR_OK;

	record->created.at = context->now;
	actor_name(record->created.by);
	/* Before the lock is taken: it reads the stacks of PAM. */
	if (args_has(args, "if-absent"))
		fits = check_scopes(context, args, record, &unfit);
	rc = transaction_begin_first(&change, context);
	if (rc != ERR_OK)
		return rc;
	if (args_has(args, "if-absent"))
		rc = if_absent_look(&absent, context, change.store, record);
	if (rc == ERR_OK && !absent.found && fits != ERR_OK)
		context->error = unfit;
	if (rc == ERR_OK && !absent.found)
		rc = fits;
	if (rc == ERR_OK && !absent.found)
		rc = add(context, change.store, policy, logo, record, text);
	rc = transaction_end(&change, context, rc);
	/* Somebody has seen the one that was there. */
	if (rc == ERR_UNCONFIRMED && !absent.found)
		rc = withdraw_unconfirmed(context, record);
	if (rc == ERR_OK && absent.found) {
		if_absent_print(&absent, args, record);
	} else if (rc == ERR_OK) {
		audit("issued", record, record->created.by, "");
		warn(warnings);
		rc = deliver(context, args, record, text);
	}
	crypto_wipe(text, sizeof(text));
	return rc;
}

static enum err
set_lifetime(
    struct context *context, const struct args *args, struct record *record)
{
	bool once = args_has(args, "once");

	if (once && args_has(args, "until-logout"))
		return error_about(&context->error, "once", NULL,
		    error_set(&context->error, ERR_USAGE,
			"--once: cannot be combined with --until-logout"));
	if (once)
		record->lifetime = RECORD_ONCE;
	else if (args_has(args, "until-logout"))
		record->lifetime = RECORD_UNTIL_LOGOUT;
	return ERR_OK;
}

/* Makes a record from the options, and checks it. */
static enum err
draw_up(struct context *context, const struct args *args, struct policy *policy,
    struct record *record)
{
	struct error *why = &context->error;
	const char *user, *name, *services;
	enum err rc;

	rc = args_require(args, "user", &user, why);
	if (rc == ERR_OK)
		rc = args_require(args, "name", &name, why);
	if (rc == ERR_OK)
		rc = args_require(args, "service", &services, why);
	if (rc == ERR_OK)
		rc = context->fleet != NULL
		    ? fleet_issue_owner(context, user, record)
		    : owner_set(context, user, record);
	if (rc == ERR_OK)
		rc = owner_policy(context, record, policy);
	if (rc == ERR_OK)
		rc = set_lifetime(context, args, record);
	if (rc == ERR_OK)
		rc = set_limits(context, args, policy, record);
	if (rc == ERR_OK && context->fleet != NULL)
		rc = fleet_issue_room(context, record, policy);
	/* One that is there already is not refused for it. */
	return rc == ERR_OK && !args_has(args, "if-absent")
	    ? check_scopes(context, args, record, why)
	    : rc;
}

/* Shows the token to be issued, with warnings, and asks for confirmation. */
static enum err
review(
    struct context *context, const struct record *record, const char *warnings)
{
	const struct last_use none = {0};
	const struct origin here = {
	    context->fleet != NULL ? context->fleet->key.issuer : "", ""};
	enum err rc;

	fputc('\n', stderr);
	rc = show_print(stderr, record, &none, &here, context->now);
	if (rc != ERR_OK)
		return error_plain(&context->error, rc);
	fprintf(stderr, "\n%s", warnings);
	return ask_yes("Issue this token?")
	    ? ERR_OK
	    : error_set(&context->error, ERR_REFUSED, "nothing was issued");
}

/* Whether all required options are given, or there is nobody to ask. */
static bool
is_complete(const struct args *args)
{
	return args_has(args, "if-absent") ||
	    (args_has(args, "user") && args_has(args, "name") &&
		args_has(args, "service"));
}

/* Sets the options that are not given as their preset has them. */
static enum err
use_preset(struct context *context, struct args *args)
{
	const char *name = args_get(args, "preset");
	const struct preset *preset;
	enum err rc;

	if (name == NULL)
		return ERR_OK;
	rc = preset_options_find(
	    &context->config, name, &preset, &context->error);
	if (rc == ERR_OK)
		preset_options_fill(preset, args);
	return rc;
}

static enum err
run(struct context *context, const struct args *args)
{
	struct record record = {.state = RECORD_ACTIVE};
	struct logo_option logo = {.is_given = false};
	struct args complete = *args;
	struct interview interview;
	struct policy policy;
	bool asks = false;
	char *warnings = NULL;
	enum err rc;

	rc = fleet_issue_check(context, args);
	if (rc != ERR_OK)
		return rc;
	if (args_has(args, "batch") || args_has(args, "output"))
		return batch_issue(context, args);
	rc = use_preset(context, &complete);
	if (rc == ERR_OK)
		/* At the door he has been asked before he came. */
		asks = context->self == NULL && !is_complete(&complete) &&
		    ask_is_possible();
	if (asks)
		rc = interview_complete(&interview, context, &complete);
	/* In front of the door, own_front.c reads it. */
	if (rc == ERR_OK && context->ask == NULL)
		rc = logo_option_read(&logo, context, &complete);
	if (rc == ERR_OK)
		rc = draw_up(context, &complete, &policy, &record);
	if (rc == ERR_OK)
		logo_note(&record, logo.logo);
	/* Before there is a lock, and a token that a child could inherit. */
	if (rc == ERR_OK && context->ask == NULL && context->fleet == NULL)
		rc = service_warnings(&warnings, context, &record);
	if (rc == ERR_OK && asks)
		rc = review(context, &record, warnings != NULL ? warnings : "");
	if (rc == ERR_OK && context->ask != NULL)
		return context->ask(context, &command_issue, &complete);
	if (rc == ERR_OK)
		rc = issue(context, &complete, &policy, logo.logo, &record,
		    asks || warnings == NULL ? "" : warnings);
	logo_option_free(&logo);
	free(warnings);
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "the account that the token logs in to; required"},
    {"name", "NAME", "what the token is called; required"},
    {"service", "NAME[,NAME]",
	"PAM services it may log in to, or any; required"},
    {"preset", "NAME", "with the limits of [preset NAME], or narrower ones"},
    {"scope", "SCOPE[,SCOPE]",
	"read,write: a whole login; read: confined "
	"[" TOKEN_OPTIONS_DEFAULT_SCOPE "]"},
    {"expires", "WHEN", "90d, 2027-01-31, or never [the policy's]"},
    {"starts", "WHEN", "7d, 2027-01-31: refused before that [now]"},
    {"max-sessions", "N", "at the same time, 1 to 10000 [unlimited]"},
    {"from", "NET[,NET]", "addresses it may be used from [any]"},
    {"description", "TEXT", "what it is for"},
    {"logo", "FILE", "a PNG, JPEG or WebP image, or - (stdin)"},
    {"once", NULL, "for one login"},
    {"until-logout", NULL, "until its first session ends"},
    {"short", NULL, "32 characters, to be typed on a device"},
    {"force", NULL, "even if none of its services takes its scopes"},
    {"if-absent", NULL, "only if USER has no usable token NAME already"},
    {"fleet", NULL, "to the machines of the fleet, see fleet(7)"},
    {"hosts", "HOST[,@GROUP]", "with --fleet: for these only [all]"},
    {"json", NULL, "as JSON: whether it changed anything, id and token"},
    {"batch", "FILE", "issue many: a line of FILE, or - (stdin), each"},
    {"output", "FILE", "where a batch's tokens go [standard output]"},
    {0},
};

const struct command command_issue = {
    .name = "issue",
    .operands = "",
    .summary = "Issue a new token, which is shown once",
    .options = OPTIONS,
    .run = run,
};
