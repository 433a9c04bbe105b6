#include "sweep/sweeping.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/signal_block.h"
#include "lifecycle/owner_tokens.h"
#include "lifecycle/sweep.h"
#include "lifecycle/until_logout.h"
#include "session/rundir.h"
#include "sweep/fleet_sweep.h"
#include "sweep/outsiders.h"
#include "sweep/settling.h"
#include "sweep/sweep_print.h"
#include "sweep/sweep_sessions.h"
#include "sweep/unused_tokens.h"
#include "tokens/audit.h"
#include "tokens/token_selection.h"
#include "tokens/transaction.h"

#define SLICE 500 /* tokens per transaction, or one user's */

static enum err
keep_record(const struct record *record, void *arg)
{
	return select_add(arg, record);
}

/* Whether an owner's tokens must change, and that is certain enough. */
static bool
is_due(const struct sweep_owner *owner)
{
	return !owner->done && !owner->is_suspect &&
	    (sweep_is_gone(owner) || owner->found == SWEEP_MOVED);
}

static enum err
change_owner(struct context *context, struct store *store,
    const struct sweeping *how, const struct sweep_owner *owner,
    const char *reason, struct selection *changed)
{
	struct token_owner owned = {owner->user, owner->uid};
	struct record_event event = {.at = context->now};

	if (owner->found == SWEEP_MOVED)
		return owner_tokens_set_local(
		    store, &owned, owner->account->local, &context->error);
	(void)snprintf(event.by, sizeof(event.by), "%s", how->by);
	(void)snprintf(event.reason, sizeof(event.reason), "%s", reason);
	return owner_tokens_deactivate(store, &owned, &event, owner->seen,
	    keep_record, changed, &context->error);
}

/* Changes owners from *next on in one transaction, and advances *next. */
static enum err
change_slice(struct context *context, const struct sweeping *how,
    struct sweep_owner **next, struct selection *changed)
{
	struct transaction change;
	size_t tokens = 0;
	enum err rc = transaction_begin(&change, context);

	if (rc != ERR_OK)
		return rc;
	while (rc == ERR_OK && *next != NULL && tokens < SLICE) {
		const struct sweep_owner *owner = *next;

		*next = owner->next;
		if (!is_due(owner))
			continue;
		tokens += owner->tokens;
		rc = change_owner(context, change.store, how, owner,
		    sweep_reason(owner), changed);
	}
	rc = transaction_end(&change, context, rc);
	return rc == ERR_NOMEM ? error_plain(&context->error, rc) : rc;
}

static size_t
count_changed(const struct selection *changed, const struct sweep_owner *owner)
{
	size_t count = 0;

	for (size_t i = 0; i < changed->count; i++)
		if (changed->records[i].uid == owner->uid &&
		    strcmp(changed->records[i].user, owner->user) == 0)
			count++;
	return count;
}

/* Logs and prints what was done to the owners up to end. */
static void
report_slice(struct sweep_owner *one, const struct sweep_owner *end,
    const struct selection *changed)
{
	for (size_t i = 0; i < changed->count; i++)
		audit("deactivated", &changed->records[i],
		    changed->records[i].ended.by,
		    changed->records[i].ended.reason);
	signal_block_release();
	for (; one != end; one = one->next) {
		size_t count = count_changed(changed, one);

		if (count > 0)
			sweep_print_owner(one, count, NULL, "deactivated");
		one->done = one->done || is_due(one);
	}
}

static enum err
change_all(
    struct context *context, const struct sweeping *how, struct sweep *sweep)
{
	struct sweep_owner *first = sweep->owners;
	enum err rc = ERR_OK;

	while (rc == ERR_OK) {
		struct selection changed = {0};
		struct sweep_owner *next;

		while (first != NULL && !is_due(first))
			first = first->next;
		if (first == NULL)
			break;
		next = first;
		rc = change_slice(context, how, &next, &changed);
		if (rc == ERR_OK) {
			report_slice(first, next, &changed);
			rc = sweep_sessions_end(context, how, &changed);
		}
		select_free(&changed);
		first = next;
	}
	return rc;
}

/* Reports what was left alone, and why, as far as the caller wants. */
static void
report_alone(const struct sweeping *how, const struct sweep *sweep)
{
	sweep_print_alone(how, sweep, "");
	if (sweep->damaged > 0)
		printf("%zu damaged: see tokenadm check\n", sweep->damaged);
}

/* Reports why a deletion may go unnoticed; also logs it, unless a dry run. */
static void
report_passwd(const struct sweeping *how, const struct sweep *sweep)
{
	const struct passwd_files_passwd *file = &sweep->accounts.passwd;
	struct error text = {""};

	if (file->is_whole)
		return;
	passwd_files_explain(file, &text);
	printf("%s\n", text.text);
	text.text[strcspn(text.text, " ") - 1] = '\0';
	if (!how->dry_run)
		audit_store("passwd-damaged", how->by, text.text);
}

static void
report_dry(const struct sweep *sweep)
{
	const struct sweep_owner *one = sweep->owners;

	for (; one != NULL; one = one->next) {
		if (sweep_is_gone(one))
			sweep_print_owner(
			    one, one->tokens, NULL, "to deactivate");
	}
}

static enum err
check_likely(struct context *context, const struct sweeping *how,
    const struct sweep *sweep)
{
	if (how->force || how->dry_run || !sweep_is_unlikely(sweep))
		return ERR_OK;
	(void)error_about(&context->error, "force", "too_many",
	    error_set(&context->error, ERR_POLICY,
		"stopped: it would deactivate the tokens of %zu of %zu users, "
		"as if a directory were broken or the clock wrong; look at "
		"them with --dry-run, then use: tokenadm sweep --force",
		sweep_count(sweep), sweep->users));
	audit_stopped(how->by, sweep_count(sweep), sweep->users);
	return ERR_POLICY;
}

void
sweeping_wait(void)
{
	struct timespec rest = {.tv_sec = SWEEP_PATIENCE};

	(void)fflush(stdout);
	while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
		continue;
}

static enum err
look_twice(
    struct context *context, const struct sweeping *how, struct sweep *sweep)
{
	struct error *why = &context->error;
	const struct config *config = &context->config;
	enum err rc = sweep_read_files(sweep, config, context->now, why);

	if (rc != ERR_OK)
		return rc;
	/* First what the local files say: a directory may hang. */
	if (!how->dry_run && (how->force || !sweep_is_unlikely(sweep)))
		rc = change_all(context, how, sweep);
	if (rc != ERR_OK)
		return rc;
	sweep_ask(sweep, config, how->local_only, context->now);
	rc = check_likely(context, how, sweep);
	if (rc == ERR_OK && !how->dry_run)
		rc = change_all(context, how, sweep);
	if (rc != ERR_OK || !sweep_has_suspects(sweep))
		return rc;
	sweeping_wait();
	context->now = time(NULL);
	rc = sweep_look_again(sweep, config, context->now, why);
	if (rc == ERR_OK && !how->dry_run)
		rc = change_all(context, how, sweep);
	return rc;
}

static enum err
find_store(struct context *context, bool *found)
{
	struct store *store;
	enum err rc = transaction_read_any(&store, context);

	*found = rc == ERR_OK && store != NULL;
	store_close(store);
	return rc;
}

/* If the one stops since too much would end, the other is done all the same. */
static enum err
end_by_policy(struct context *context, const struct sweeping *how,
    const struct sweep *sweep)
{
	enum err rc = outsiders_run(context, how, sweep, false), other = ERR_OK;
	struct error why = context->error;

	if ((rc == ERR_OK || rc == ERR_POLICY) && !how->local_only)
		other = unused_tokens_run(context, how);
	if (rc != ERR_OK)
		context->error = why;
	return rc == ERR_OK ? other : rc;
}

static enum err
run_local(struct context *context, const struct sweeping *how)
{
	struct sweep sweep = {0};
	bool found;
	enum err rc = find_store(context, &found);

	if (rc != ERR_OK || !found)
		return rc;
	if (!how->dry_run)
		rc = until_logout_collect(
		    &context->config, RUNDIR, context->now, &context->error);
	if (rc != ERR_OK)
		return rc;
	rc = sweep_survey(
	    &sweep, &context->config, NULL, context->now, &context->error);
	if (rc == ERR_OK && !how->dry_run)
		rc = settling_run(context, &sweep);
	if (rc == ERR_OK)
		rc = look_twice(context, how, &sweep);
	if (rc == ERR_OK && how->dry_run)
		report_dry(&sweep);
	if (rc == ERR_OK) {
		report_alone(how, &sweep);
		report_passwd(how, &sweep);
		rc = end_by_policy(context, how, &sweep);
	}
	if (rc == ERR_OK && !how->is_quiet)
		printf("%zu users, %zu %s\n", sweep.users, sweep_count(&sweep),
		    how->dry_run ? "would be deactivated" : "deactivated");
	sweep_free(&sweep);
	return rc;
}

/* Of two errors, the latter is printed. */
static enum err
add_error(struct context *context, enum err rc, const struct error *why,
    enum err other)
{
	if (rc == ERR_OK)
		return other;
	if (other != ERR_OK)
		printf("%s\n", context->error.text);
	context->error = *why;
	return rc;
}

/*
 * Then those of the fleet, whatever became of the store's. Sessions that were
 * left open come first, since a directory may hang; and last, since a login may
 * have been faster than we were: what goes wrong, does so again.
 */
enum err
sweeping_run(struct context *context, const struct sweeping *how)
{
	struct error why;
	enum err rc;

	(void)sweep_sessions_end_left(context, how, NULL);
	context->error = (struct error){0};
	rc = run_local(context, how);
	why = context->error;
	context->error = (struct error){0};
	rc = add_error(context, rc, &why, fleet_sweep_run(context, how, NULL));
	why = context->error;
	return add_error(
	    context, rc, &why, sweep_sessions_end_left(context, how, NULL));
}

enum err
sweeping_check_deleted(
    struct context *context, const struct sweep *sweep, const char *user)
{
	struct sweep_owner *one = sweep->owners;
	struct error text = {""};

	if (!sweep->accounts.passwd.is_whole)
		passwd_files_explain(&sweep->accounts.passwd, &text);
	for (; one != NULL; one = one->next) {
		one->found = SWEEP_FINE;
		if (one->tie != SWEEP_BOUND)
			continue; /* what was never here is not deleted */
		if (one->account->reason != ACCOUNT_ABSENT)
			return error_about(&context->error, "deleted", NULL,
			    error_set(&context->error, ERR_POLICY,
				"user `%s`: not known to be deleted (%s); "
				"nothing was changed%s%s",
				user, account_reason_name(one->account->reason),
				text.text[0] != '\0' ? "; " : "", text.text));
		one->found = SWEEP_ABSENT;
		one->is_suspect = false;
	}
	return ERR_OK;
}

enum err
sweeping_deleted(
    struct context *context, const struct sweeping *how, const char *user)
{
	struct sweep sweep = {0};
	bool found;
	enum err rc = find_store(context, &found);

	if (rc != ERR_OK || !found)
		return rc;
	rc = sweep_survey(
	    &sweep, &context->config, user, context->now, &context->error);
	if (rc == ERR_OK)
		rc = sweep_read_files(
		    &sweep, &context->config, context->now, &context->error);
	if (rc == ERR_OK) {
		sweep_ask(&sweep, &context->config, false, context->now);
		rc = sweeping_check_deleted(context, &sweep, user);
	}
	if (rc == ERR_OK && how->dry_run)
		report_dry(&sweep);
	else if (rc == ERR_OK)
		rc = change_all(context, how, &sweep);
	sweep_free(&sweep);
	if (rc == ERR_OK)
		rc = fleet_sweep_run(context, how, user);
	return rc == ERR_OK ? sweep_sessions_end_left(context, how, user) : rc;
}
