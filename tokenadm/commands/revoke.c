#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/signal_block.h"
#include "cli/text.h"
#include "commands/revoke_fleet.h"
#include "issue/token_options.h"
#include "lifecycle/life_table.h"
#include "lifecycle/revocation.h"
#include "outbox/fleet_side.h"
#include "sessions/live_tokens.h"
#include "sessions/terminate.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/token_selection.h"
#include "tokens/tokens_json.h"
#include "tokens/transaction.h"

static enum err
set_reason(struct record_event *event, const char *reason, struct error *why)
{
	if (reason == NULL)
		return ERR_OK;
	if (!parse_is_printable(reason, RECORD_REASON_MAX))
		return error_set(why, ERR_INVALID,
		    "reason `%s`: 1 to %d bytes of printable UTF-8", reason,
		    RECORD_REASON_MAX);
	strcpy(event->reason, reason);
	return token_options_check_words("reason", reason, why);
}

static bool
is_not_revoked(const struct record *record, int64_t now)
{
	return life_changes(LIFE_REVOKE, record, now);
}

/* What is being revoked. */
struct revocation {
	struct context *context;
	struct store *store;
	struct record_event event;
	struct selection done;      /* revoked by this command */
	struct selection meant;     /* including those revoked before */
	struct others_meant others; /* with --fleet */
	struct error damage;
	bool ends_sessions; /* --terminate */
};

static enum err
check_stdin_alone(const struct args *args, struct error *why)
{
	if (!args_has(args, "user") && args->operand_count == 0)
		return ERR_OK;
	return error_about(why, "stdin", NULL,
	    error_set(why, ERR_USAGE,
		"--stdin: cannot be combined with TOKEN... or --user"));
}

/* Selects the named tokens; a user's are looked up in the transaction. */
static enum err
select_given(struct revocation *revocation, const struct args *args,
    struct selection *selection)
{
	struct context *context = revocation->context;
	const char *user = args_get(args, "user");
	bool is_stdin = args_has(args, "stdin");
	enum err rc = is_stdin ? check_stdin_alone(args, &context->error)
			       : ERR_OK;

	if (rc != ERR_OK)
		return rc;
	if (context->fleet != NULL &&
	    (is_stdin || args->operand_count > 0 || user != NULL))
		return revoke_fleet_select(&revocation->others, context, args,
		    is_not_revoked, selection);
	if (is_stdin)
		return select_from_stdin(context, selection, NULL, NULL);
	if (user != NULL && args->operand_count == 0)
		return ERR_OK;
	return select_tokens(context, args, user, is_not_revoked, selection);
}

static enum err
take(const struct record *record, bool changed, void *arg)
{
	struct revocation *revocation = arg;
	enum err rc = select_add(&revocation->meant, record);

	return rc == ERR_OK && changed ? select_add(&revocation->done, record)
				       : rc;
}

/* One of this machine's own, or of its own fleet's. */
static enum err
take_own(const struct record *record, bool changed, void *arg)
{
	struct revocation *revocation = arg;
	struct context *context = revocation->context;
	enum err rc = take(record, changed, arg);

	return rc == ERR_OK && context->fleet != NULL &&
		revocation->ends_sessions
	    ? fleet_change_end_sessions(
		  context->fleet->change, record->id, &context->error)
	    : rc;
}

static enum err
revoke_one(struct revocation *revocation, const char *id)
{
	return revocation_run(revocation->store, id, &revocation->event,
	    revocation->context->self, take_own, revocation,
	    &revocation->context->error);
}

/*
 * All tokens that the user has inside the transaction, not at an earlier
 * look-up. A damaged token does not keep the others alive; it is reported at
 * the end.
 */
static enum err
revoke_user(struct revocation *revocation, const char *user)
{
	struct error *why = &revocation->context->error;
	struct index index = {0};
	enum err rc = store_get_index(revocation->store, user, &index, why);

	for (size_t i = 0; rc == ERR_OK && i < index.count; i++) {
		rc = revoke_one(revocation, index.ids[i]);
		if (rc == ERR_DAMAGED || rc == ERR_NEWER ||
		    rc == ERR_NOT_FOUND) {
			revocation->damage = *why;
			rc = ERR_OK;
		}
	}
	if (rc == ERR_OK && index.count == 0 && !revocation->others.has_users)
		rc = error_set(
		    why, ERR_NOT_FOUND, "user `%s`: has no tokens", user);
	index_free(&index);
	return rc;
}

/* Everything in one transaction. */
static enum err
revoke_all(struct revocation *revocation, const struct selection *selection,
    const char *user)
{
	struct context *context = revocation->context;
	struct transaction change;
	enum err rc = transaction_begin(&change, context);

	if (rc != ERR_OK)
		return rc;
	revocation->store = change.store;
	for (size_t i = 0; rc == ERR_OK && i < selection->count; i++)
		rc = revoke_one(revocation, selection->records[i].id);
	if (rc == ERR_OK && user != NULL)
		rc = revoke_user(revocation, user);
	if (rc == ERR_OK)
		rc = revoke_fleet_run(&revocation->others, context,
		    &revocation->event, revocation->ends_sessions, take,
		    revocation);
	rc = transaction_end(&change, context, rc);
	if (rc != ERR_OK && rc != ERR_UNCONFIRMED) {
		select_free(&revocation->done);
		select_free(&revocation->meant);
	}
	return rc;
}

static void
report(const struct selection *done)
{
	for (size_t i = 0; i < done->count; i++)
		audit("revoked", &done->records[i], done->records[i].ended.by,
		    done->records[i].ended.reason);
}

/* Shows whoever gave texts which tokens they are; that is not secret. */
static void
print_meant(const struct selection *meant)
{
	signal_window_open(NULL);
	for (size_t i = 0; i < meant->count; i++) {
		printf("%s ", meant->records[i].id);
		text_print_name(stdout, &meant->records[i]);
		putchar('\n');
	}
	(void)signal_window_close();
}

/* Once they are revoked, no new session can begin. */
static enum err
end_sessions(struct revocation *revocation, size_t *ended)
{
	struct context *context = revocation->context;
	struct termination done;
	struct error cause;
	enum err rc;

	if (context->fleet != NULL)
		live_tokens_bind(context, &revocation->meant);
	rc = terminate_sessions(context, &revocation->meant, &done);

	signal_window_open(NULL);
	terminate_report(context, &done, stderr);
	(void)signal_window_close();
	*ended = done.ended;
	terminate_free(&done);
	if (rc == ERR_OK)
		return rc;
	cause = context->error;
	return error_about(&context->error, "terminate", "sessions_left",
	    error_set(&context->error, rc,
		"the tokens are revoked, but their sessions may go on: %s; "
		"repeat the command",
		cause.text));
}

/*
 * Shows what was revoked, also if something of it went wrong. rc: ERR_OK, or
 * ERR_UNCONFIRMED: it holds here, whether or not the others know.
 */
static enum err
finish(struct revocation *revocation, const struct args *args, enum err rc)
{
	struct context *context = revocation->context;
	struct tokens_json json = {revocation->meant.records,
	    revocation->meant.count, .context = context};
	struct error before = context->error;
	size_t ended = 0;
	enum err left = ERR_OK;

	if (revocation->ends_sessions) {
		left = end_sessions(revocation, &ended);
		json.sessions_ended = &ended;
	}
	if (args_has(args, "stdin") && !args_has(args, "json"))
		print_meant(&revocation->meant);
	if (left != ERR_OK)
		rc = left;
	else
		context->error = before;
	if (rc == ERR_OK && revocation->damage.text[0] != '\0') {
		context->error = revocation->damage;
		rc = ERR_DAMAGED;
	}
	return args_has(args, "json") ? tokens_json_print(&json, rc) : rc;
}

static enum err
run(struct context *context, const struct args *args)
{
	struct revocation revocation = {
	    .context = context,
	    .event = {.at = context->now},
	    .ends_sessions = args_has(args, "terminate"),
	};
	struct selection selection = {0};
	enum err rc = set_reason(
	    &revocation.event, args_get(args, "reason"), &context->error);

	rc = error_about(&context->error, "reason", NULL, rc);
	if (rc == ERR_OK)
		rc = select_given(&revocation, args, &selection);
	if (rc == ERR_OK) {
		actor_name(revocation.event.by);
		rc = revoke_all(
		    &revocation, &selection, args_get(args, "user"));
	}
	report(&revocation.done);
	if (rc == ERR_OK || rc == ERR_UNCONFIRMED)
		rc = finish(&revocation, args, rc);
	revoke_fleet_free(&revocation.others);
	select_free(&revocation.meant);
	select_free(&revocation.done);
	select_free(&selection);
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "all tokens of this user"},
    {"stdin", NULL, "the tokens on standard input, one a line"},
    {"terminate", NULL, "end the sessions that they have opened, too"},
    {"fleet", NULL, "tokens of the fleet, of whatever issuer"},
    {"reason", "TEXT", "why, for whoever looks at it later"},
    {"json", NULL, "as JSON: the tokens as they are now"},
    {0},
};

const struct command command_revoke = {
    .name = "revoke",
    .operands = "[TOKEN...]",
    .most = -1,
    .summary = "Revoke tokens, from their next login on",
    .options = OPTIONS,
    .run = run,
};
