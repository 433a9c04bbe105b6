#include "sweep/unused_tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/signal_block.h"
#include "cli/text.h"
#include "lifecycle/beat_mark.h"
#include "lifecycle/policy.h"
#include "lifecycle/unnoted.h"
#include "lifecycle/unused.h"
#include "session/rundir.h"
#include "session/session_list.h"
#include "store/last_use.h"
#include "store/usage_beat.h"
#include "tokens/audit.h"
#include "tokens/token_pages.h"
#include "tokens/token_selection.h"
#include "tokens/transaction.h"

#define DAY (INT64_C(24) * 60 * 60)
#define SLICE 500          /* tokens per transaction */
#define FORESEEN 14        /* days that a dry run looks ahead */
#define FEW ((size_t)10)   /* tokens that may go however many there are */
#define SHARE ((size_t)10) /* of all usable tokens: one in so many */

/* A token that is due. */
struct due {
	char id[TOKEN_ID_LEN + 1];
	int64_t most, last_use;
};

struct finding {
	struct context *context;
	const struct sweeping *how;
	struct usage_clock clock;
	int64_t least; /* of all policies */
	size_t usable;
	struct due *due;
	size_t count, room;
	/* The user whose policy was looked up last. */
	char user[RECORD_USER_MAX + 1];
	int64_t most;
};

/* Looks the policy of a user up, unless it is that of the token before. */
static int64_t
max_unused_of(struct finding *finding, const char *user)
{
	struct policy policy;
	struct error why = {""};

	if (strcmp(finding->user, user) == 0)
		return finding->most;
	strcpy(finding->user, user);
	finding->most = TIME_NEVER;
	if (policy_for(&finding->context->config, user, &policy, &why) ==
	    ERR_OK) {
		finding->most = policy.max_unused;
	} else {
		printf("unused tokens of ");
		text_print(stdout, user);
		printf(": left alone: %s\n", why.text);
	}
	return finding->most;
}

static enum err
add_due(struct finding *finding, const struct record *record, int64_t most,
    int64_t last_use)
{
	size_t room = finding->room == 0 ? 64 : finding->room * 2;
	struct due *one;

	if (finding->count == finding->room) {
		one = reallocarray(finding->due, room, sizeof(*one));
		if (one == NULL)
			return ERR_NOMEM;
		finding->due = one;
		finding->room = room;
	}
	one = &finding->due[finding->count++];
	*one = (struct due){.most = most, .last_use = last_use};
	strcpy(one->id, record->id);
	return ERR_OK;
}

static enum err
find_live(const struct session *session, void *arg)
{
	*(bool *)arg = *(bool *)arg || !session_is_over(session);
	return ERR_OK;
}

/* Whether a session of the token lasts; if that is not certain, one does. */
static bool
is_in_session(const struct record *record)
{
	bool is_live = false;

	return session_each(RUNDIR, record->id, find_live, &is_live, NULL) !=
	    ERR_OK ||
	    is_live;
}

/* NAME (ID): what, for a token of USER. */
static void
print_token(const struct record *record, const char *what)
{
	text_print_name(stdout, record);
	printf(" (%s): %s\n", record->id, what);
}

/* Of a dry run: who goes, now or soon. */
static void
foresee(const struct finding *finding, const struct record *record,
    int64_t idle, int64_t most)
{
	int64_t when = finding->context->now + most - idle;
	char what[128], time[PARSE_TIME_LEN + 1];

	parse_format_time(when, time);
	if (idle >= most)
		(void)snprintf(what, sizeof(what),
		    "to deactivate: unused for %lld days",
		    (long long)(idle / DAY));
	else
		(void)snprintf(
		    what, sizeof(what), "unless used, goes at %s", time);
	if (when <= finding->context->now + FORESEEN * DAY)
		print_token(record, what);
}

static enum err
visit(const struct record *record, const struct last_use *usage, void *arg)
{
	struct finding *finding = arg;
	int64_t ahead = finding->how->dry_run ? FORESEEN * DAY : 0;
	int64_t idle, most;

	if (!record_is_usable(record, finding->context->now))
		return ERR_OK;
	finding->usable++;
	idle = unused_for(record, usage->at, &finding->clock);
	if (idle + ahead < finding->least)
		return ERR_OK;
	most = max_unused_of(finding, record->user);
	if (most == TIME_NEVER || idle + ahead < most || is_in_session(record))
		return ERR_OK;
	if (finding->how->dry_run)
		foresee(finding, record, idle, most);
	return idle < most ? ERR_OK : add_due(finding, record, most, usage->at);
}

static enum err
check_likely(const struct finding *finding)
{
	const struct sweeping *how = finding->how;

	if (how->force || how->dry_run || finding->count <= FEW ||
	    finding->count <= finding->usable / SHARE)
		return ERR_OK;
	(void)error_about(&finding->context->error, "force", "too_many",
	    error_set(&finding->context->error, ERR_POLICY,
		"stopped: it would deactivate %zu of %zu tokens as unused; "
		"look at them with --dry-run, then use: tokenadm sweep --force",
		finding->count, finding->usable));
	audit_stopped(how->by, finding->count, finding->usable);
	return ERR_POLICY;
}

/*
 * They may have been used since they were looked at; and what cannot be read
 * may say so.
 */
static void
look_again(const struct config *config, struct due *due, size_t count)
{
	struct last_use_notes *notes = last_use_open(
	    config, store_deadline(config));

	for (size_t i = 0; i < count; i++) {
		struct last_use usage;

		if (!last_use_get(notes, due[i].id, &usage))
			due[i].last_use = TIME_NEVER;
		else if (due[i].last_use < usage.at)
			due[i].last_use = usage.at;
	}
	last_use_close(notes);
}

static enum err
end_slice(const struct finding *finding, struct due *due, size_t count,
    struct selection *changed)
{
	struct context *context = finding->context;
	struct record_event event = {
	    .at = context->now, .reason = UNUSED_REASON};
	struct transaction change;
	enum err rc;

	(void)snprintf(event.by, sizeof(event.by), "%s", finding->how->by);
	look_again(&context->config, due, count);
	rc = transaction_begin(&change, context);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; rc == ERR_OK && i < count; i++) {
		struct unused unused = {
		    due[i].most, due[i].last_use, &finding->clock};
		struct record record;
		bool is_changed;

		rc = unused_end(change.store, due[i].id, &unused, &event,
		    &record, &is_changed, &context->error);
		if (rc == ERR_OK && is_changed)
			rc = select_add(changed, &record);
	}
	rc = transaction_end(&change, context, rc);
	return rc == ERR_NOMEM ? error_plain(&context->error, rc) : rc;
}

static void
report_ended(const struct finding *finding, const struct selection *changed)
{
	for (size_t i = 0; i < changed->count; i++)
		audit("deactivated", &changed->records[i], finding->how->by,
		    UNUSED_REASON);
	signal_block_release();
	for (size_t i = 0; i < changed->count; i++)
		print_token(
		    &changed->records[i], "deactivated: " UNUSED_REASON);
}

static enum err
end_all(const struct finding *finding)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < finding->count; i += SLICE) {
		struct selection changed = {0};
		size_t left = finding->count - i;

		rc = end_slice(finding, finding->due + i,
		    left < SLICE ? left : SLICE, &changed);
		if (rc == ERR_OK)
			report_ended(finding, &changed);
		select_free(&changed);
	}
	return rc;
}

/* Writes a beat, and remembers it, so that a copy of the file is known. */
static enum err
beat(const struct config *config, int64_t now, bool is_stop,
    struct usage_clock *clock, struct error *why)
{
	enum err rc = usage_beat(config, now, beat_mark_read(RUNDIR), is_stop,
	    store_deadline(config), clock, why);

	if (rc == ERR_OK)
		beat_mark_write(RUNDIR, clock->at);
	return rc;
}

static bool
is_noted(const struct config *config, const char *id, int64_t now)
{
	return now - last_use_look(config, id, store_deadline(config)).at < DAY;
}

/*
 * A session that lasts is a use, once a day: when it is cut after a long time,
 * its token is not unused. If it cannot be noted, the next sweep tries again.
 */
static enum err
note_session(const struct session *session, void *arg)
{
	const struct context *context = arg;
	const struct config *config = &context->config;

	if (context->now - session->since >= DAY && !session_is_over(session) &&
	    !is_noted(config, session->id, context->now))
		(void)last_use_note(config, session->id, context->now,
		    session->from, session->service, NULL);
	return ERR_OK;
}

/* The rest of the sweep is done: that it was not is no failure of it. */
static void
leave_alone(const char *what, const struct error *why, enum err rc)
{
	printf("unused tokens: left alone, since %s: %s\n", what,
	    why->text[0] != '\0' ? why->text : error_name(rc));
}

/* Sets the clock; false, and it says why, if nothing is certain. */
static bool
read_clock(struct finding *finding)
{
	const struct config *config = &finding->context->config;
	int64_t now = finding->context->now;
	struct error why = {""};
	enum err rc = ERR_OK;

	if (finding->how->dry_run) {
		usage_beat_foresee(
		    config, now, store_deadline(config), &finding->clock);
		return true;
	}
	rc = beat(config, now, false, &finding->clock, &why);
	if (rc == ERR_OK)
		rc = unnoted_settle(config, RUNDIR, &why);
	if (rc == ERR_OK)
		(void)session_each(
		    RUNDIR, NULL, note_session, finding->context, NULL);
	if (rc != ERR_OK && finding->least != TIME_NEVER)
		leave_alone("uses cannot be noted", &why, rc);
	return rc == ERR_OK;
}

enum err
unused_tokens_run(struct context *context, const struct sweeping *how)
{
	struct finding finding = {
	    .context = context,
	    .how = how,
	    .least = unused_least(&context->config),
	};
	enum err rc;

	if (!read_clock(&finding) || finding.least == TIME_NEVER)
		return ERR_OK;
	rc = token_pages_each(context, NULL, visit, &finding);
	/* What cannot be read lets nobody in, and the sweep counts it. */
	if (rc != ERR_OK && rc != ERR_DAMAGED && rc != ERR_NEWER) {
		leave_alone("not all could be read", &context->error, rc);
		finding.count = 0;
	}
	rc = check_likely(&finding);
	if (rc == ERR_OK && !how->dry_run)
		rc = end_all(&finding);
	free(finding.due);
	return rc;
}

void
unused_tokens_stop(const struct config *config, int64_t now)
{
	struct usage_clock clock;

	if (usage_beat_last(config, store_deadline(config)) == 0)
		return;
	(void)beat(config, now, true, &clock, NULL);
}
