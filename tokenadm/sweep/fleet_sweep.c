#include "sweep/fleet_sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fleet/fleet_overlay.h"
#include "lifecycle/sweep.h"
#include "sweep/fleet_lots.h"
#include "sweep/outsiders.h"
#include "sweep/sweep_print.h"
#include "sweep/sweep_sessions.h"
#include "tokens/audit.h"
#include "tokens/token_selection.h"

struct pass {
	struct context *context;
	const struct sweeping *how;
	const char *deleted; /* NULL: all are looked at */
	struct sweep sweep;
	struct fleet_lots lots;
};

/*
 * How many users are here, of whom too many may be lost: a fleet's tokens may
 * be those of thousands who never were.
 */
static void
count_users(struct sweep *sweep)
{
	const struct sweep_owner *one = sweep->owners;
	const char *last = NULL;

	sweep->users = 0;
	for (; one != NULL; one = one->next) {
		bool is_here = one->tie == SWEEP_BOUND ||
		    (one->account != NULL && one->account->found);

		if (is_here && one->user != last) {
			sweep->users++;
			last = one->user;
		}
	}
}

static bool
is_due(const struct sweep_owner *owner)
{
	return !owner->done && !owner->is_suspect &&
	    (sweep_is_gone(owner) || owner->found == SWEEP_MOVED);
}

static struct fleet_name
name_of(const struct fleet_held *held)
{
	struct fleet_name name;

	strcpy(name.id, held->id);
	(void)snprintf(name.issuer, sizeof(name.issuer), "%s", held->issuer);
	return name;
}

/* Of a token for the log, and for the list of sessions. */
static struct record
record_of(const struct fleet_held *held, const struct sweep_owner *owner)
{
	struct record record = {.uid = owner->uid};

	strcpy(record.id, held->id);
	(void)snprintf(record.user, sizeof(record.user), "%s", held->user);
	(void)snprintf(record.name, sizeof(record.name), "%s", held->name);
	return record;
}

/* Deactivates one; it may be gone from the fleet by now. */
static enum err
end_one(struct pass *pass, const struct sweep_owner *owner,
    const struct fleet_held *held, bool *is_new)
{
	struct context *context = pass->context;
	const struct config *config = &context->config;
	struct fleet_name name = name_of(held);
	struct record record = record_of(held, owner);
	struct record_event event = {.at = context->now};
	enum err rc;

	(void)snprintf(event.by, sizeof(event.by), "%s", pass->how->by);
	(void)snprintf(
	    event.reason, sizeof(event.reason), "%s", sweep_reason(owner));
	rc = fleet_overlay_end(config, &name, RECORD_DEACTIVATED, &event,
	    is_new, store_deadline(config), &context->error);
	if (rc == ERR_OK && *is_new)
		audit_fleet("deactivated", &record, event.by, event.reason,
		    held->issuer);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* Ends an owner's tokens of one issuer, and says so. */
static enum err
end_of_issuer(struct pass *pass, const struct fleet_lot *lot, size_t *at,
    struct selection *ended)
{
	const char *issuer = lot->tokens[*at].issuer;
	size_t count = 0;
	enum err rc = ERR_OK;

	/* The names are interned. */
	while (rc == ERR_OK && *at < lot->count &&
	    lot->tokens[*at].issuer == issuer) {
		const struct fleet_held *held = &lot->tokens[(*at)++];
		struct record record = record_of(held, lot->owner);
		bool is_new = pass->how->dry_run;

		if (!pass->how->dry_run)
			rc = end_one(pass, lot->owner, held, &is_new);
		count += rc == ERR_OK && is_new;
		if (rc == ERR_OK && is_new &&
		    select_add(ended, &record) != ERR_OK)
			rc = error_plain(&pass->context->error, ERR_NOMEM);
	}
	if (count > 0)
		sweep_print_owner(lot->owner, count, issuer,
		    pass->how->dry_run ? "to deactivate" : "deactivated");
	return rc;
}

static enum err
end_lot(struct pass *pass, const struct fleet_lot *lot)
{
	struct selection ended = {0};
	enum err rc = ERR_OK, other;

	for (size_t i = 0; rc == ERR_OK && i < lot->count;)
		rc = end_of_issuer(pass, lot, &i, &ended);
	other = sweep_sessions_end(pass->context, pass->how, &ended);
	select_free(&ended);
	return rc == ERR_OK ? other : rc;
}

/* Notes where the account is listed now. */
static enum err
move_lot(struct pass *pass, const struct fleet_lot *lot)
{
	struct context *context = pass->context;
	const struct config *config = &context->config;
	bool is_local = lot->owner->account->local;
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < lot->count; i++) {
		struct fleet_name name = name_of(&lot->tokens[i]);

		if (lot->tokens[i].is_local != is_local)
			rc = fleet_overlay_bind(config, &name, lot->owner->uid,
			    is_local, store_deadline(config), &context->error);
		if (rc == ERR_NOT_FOUND)
			rc = ERR_OK;
	}
	return rc;
}

static enum err
change_all(struct pass *pass)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < pass->lots.count; i++) {
		const struct fleet_lot *lot = &pass->lots.each[i];

		if (!is_due(lot->owner))
			continue;
		if (sweep_is_gone(lot->owner))
			rc = end_lot(pass, lot);
		else if (!pass->how->dry_run)
			rc = move_lot(pass, lot);
		lot->owner->done = rc == ERR_OK;
	}
	return rc;
}

static enum err
check_likely(struct pass *pass)
{
	const struct sweeping *how = pass->how;
	const struct sweep *sweep = &pass->sweep;

	if (how->force || how->dry_run || !sweep_is_unlikely(sweep))
		return ERR_OK;
	audit_stopped(how->by, sweep_count(sweep), sweep->users);
	return error_about(&pass->context->error, "force", "too_many",
	    error_set(&pass->context->error, ERR_POLICY,
		"stopped: it would deactivate those of %zu of %zu users who "
		"are here, as if a directory were broken or the clock wrong; "
		"look at them with --dry-run, then use: tokenadm sweep --force",
		sweep_count(sweep), sweep->users));
}

/* As of the store's; they were done, so that it may take what it takes. */
static enum err
look_twice(struct pass *pass)
{
	struct context *context = pass->context;
	struct error *why = &context->error;
	struct sweep *sweep = &pass->sweep;
	enum err rc = sweep_read_files(
	    sweep, &context->config, context->now, why);

	count_users(sweep);
	if (rc == ERR_OK && !pass->how->dry_run &&
	    (pass->how->force || !sweep_is_unlikely(sweep)))
		rc = change_all(pass);
	if (rc != ERR_OK)
		return rc;
	sweep_ask(sweep, &context->config, pass->how->local_only, context->now);
	count_users(sweep);
	rc = check_likely(pass);
	if (rc == ERR_OK)
		rc = change_all(pass);
	if (rc != ERR_OK || !sweep_has_suspects(sweep))
		return rc;
	sweeping_wait();
	context->now = time(NULL);
	rc = sweep_look_again(sweep, &context->config, context->now, why);
	return rc == ERR_OK ? change_all(pass) : rc;
}

static enum err
look_deleted(struct pass *pass)
{
	struct context *context = pass->context;
	enum err rc = sweep_read_files(
	    &pass->sweep, &context->config, context->now, &context->error);

	if (rc != ERR_OK)
		return rc;
	sweep_ask(&pass->sweep, &context->config, false, context->now);
	rc = sweeping_check_deleted(context, &pass->sweep, pass->deleted);
	return rc == ERR_OK ? change_all(pass) : rc;
}

static enum err
look(struct pass *pass)
{
	const struct sweep *sweep = &pass->sweep;
	const struct sweeping *how = pass->how;
	enum err rc = pass->deleted != NULL ? look_deleted(pass)
					    : look_twice(pass);

	if (rc != ERR_OK || pass->deleted != NULL)
		return rc;
	sweep_print_alone(how, sweep, "tokens of the fleet ");
	if (!how->is_quiet)
		printf("of the fleet: %zu users, %zu %s\n", sweep->users,
		    sweep_count(sweep),
		    how->dry_run ? "would be deactivated" : "deactivated");
	return outsiders_run(pass->context, how, sweep, true);
}

/* Says whose tokens an error is about. */
static enum err
explain(struct error *why, enum err rc)
{
	struct error what = *why;

	if (rc == ERR_OK)
		return rc;
	return error_about(why, what.field, what.word,
	    error_set(why, rc, "the fleet's tokens: %s",
		what.text[0] != '\0' ? what.text : error_name(rc)));
}

enum err
fleet_sweep_run(
    struct context *context, const struct sweeping *how, const char *deleted)
{
	struct pass *pass;
	struct error why;
	enum err rc, other;

	if (context->config.fleet.id[0] == '\0')
		return ERR_OK;
	pass = calloc(1, sizeof(*pass));
	if (pass == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	pass->context = context;
	pass->how = how;
	pass->deleted = deleted;
	sweep_start(&pass->sweep);
	rc = fleet_lots_read(&pass->lots, &pass->sweep, &context->config,
	    deleted, context->now, &context->error);
	why = context->error;
	/* What cannot be read does not keep the others active. */
	other = rc == ERR_OK || pass->lots.count > 0 ? look(pass) : ERR_OK;
	if (rc != ERR_OK)
		context->error = why;
	fleet_lots_free(&pass->lots);
	sweep_free(&pass->sweep);
	free(pass);
	return explain(&context->error, rc == ERR_OK ? other : rc);
}
