/* The events of life_store.h, as module and command carry them out. */
#include <string.h>

#include "base/deadline.h"
#include "lib/unit.h"
#include "life_impl.h"
#include "lifecycle/approval.h"
#include "lifecycle/owner_tokens.h"
#include "lifecycle/policy.h"
#include "lifecycle/revocation.h"
#include "lifecycle/rotation.h"
#include "lifecycle/single_use.h"
#include "lifecycle/until_logout.h"
#include "lifecycle/unused.h"

static const struct policy POLICY = {
    .max_tokens = 1,
    .max_expiry = TIME_NEVER,
    .services = "any",
};
static const struct token_owner OWNER = {LIFE_USER, 1000};

static bool
life_get(enum which which, struct record *record)
{
	return (which == OLD || life.successor != 0) &&
	    life_read(life_number(which), record);
}

static const char *
id_of(enum which which)
{
	return life_fixed.pool[life_number(which)].id;
}

/* As pam_apitoken/session_entry.c does: listed first, then written. */
static void
begin_session(enum which which, struct record *record)
{
	struct session session;

	if (life.entries[life_number(which)] != NO_ENTRY)
		return;
	life_enter(life_number(which), life.now, &session);
	assert_true(life_get(which, record));
	assert_ok(
	    until_logout_begin(&life_fixed.scratch->config, life_fixed.run,
		&session, record, deadline_in(LIFE_PATIENCE), &why));
}

/* As pam_apitoken/decide.c does. */
static bool
log_in(enum which which)
{
	const struct config *config = &life_fixed.scratch->config;
	char ticket[RECORD_TICKET_LEN + 1];
	struct attempt_outcome outcome;
	struct record *record = &outcome.record;
	bool accepted = life_try(which, &outcome);

	if (outcome.is_over)
		assert_ok(until_logout_revoke(config, record->id, life.now,
		    deadline_in(LIFE_PATIENCE), &why));
	if (!accepted)
		return false;
	if (record->lifetime == RECORD_ONCE)
		assert_ok(single_use_spend(config, record->id, life.now,
		    deadline_in(LIFE_PATIENCE), ticket, &why));
	if (record->predecessor[0] != '\0')
		assert_ok(rotation_finish(config, record->id, life.now,
		    deadline_in(LIFE_PATIENCE), &why));
	if (record->lifetime == RECORD_UNTIL_LOGOUT)
		begin_session(which, record);
	return true;
}

static bool
log_out(enum which which)
{
	assert_ok(until_logout_revoke(&life_fixed.scratch->config, id_of(which),
	    life.now, deadline_in(LIFE_PATIENCE), &why));
	life_leave(life_number(which));
	return true;
}

/* As tokenadm/commands/rotate.c does. */
static bool
rotate(int64_t overlap)
{
	const struct rotation_times times = {
	    .overlap = overlap,
	    .longest = TIME_NEVER,
	    .renewed = LIFE_RENEWED,
	};
	struct record_event event = {.at = life.now, .by = "carol"};
	struct rotation rotation;
	char text[TOKEN_LEN + 1];
	struct store *store;
	enum err rc = ERR_POLICY;

	if (life.kind == UNTIL_LOGOUT)
		assert_ok(until_logout_settle(&life_fixed.scratch->config,
		    life_fixed.run, id_of(OLD), life.now, &why));
	store = life_open(STORE_WRITE);
	if (life.account)
		rc = rotation_start(
		    &rotation, store, id_of(OLD), &times, &event, text, &why);
	if (rc == ERR_OK)
		rc = policy_check_limits(
		    &POLICY, NULL, &rotation.successor, life.now, &why);
	if (rc == ERR_OK)
		rc = policy_check_room(
		    &POLICY, store, &rotation.successor, life.now, &why);
	if (!life_close(store, rc))
		return false;
	life.rotation = rotation;
	life.can_undo = true;
	life.successor = life.successor == 1 ? 2 : 1;
	return true;
}

static bool
undo(void)
{
	struct store *store = life_open(STORE_WRITE);
	struct record record;

	assert_true(
	    life_close(store, rotation_undo(&life.rotation, store, &why)));
	life.can_undo = false;
	life_leave(life.successor);
	/* The successor that it replaced may exist again. */
	if (life_read(3 - life.successor, &record))
		life.successor = 3 - life.successor;
	return true;
}

static bool
is_brought_back(const struct record *record)
{
	return life_next(LIFE_APPROVE_ALL, record->state,
		   life.now >= record->expires) != record->state;
}

static size_t
choose(enum which which, struct approval *approvals)
{
	size_t count = 0;

	for (int i = OLD; i < BOTH; i++) {
		struct record *record = &approvals[count].record;

		approvals[count].policy = POLICY;
		if (life_get((enum which)i, record) &&
		    (which == BOTH ? is_brought_back(record) : i == (int)which))
			count++;
	}
	return count;
}

/* As tokenadm/commands/approve.c does. */
static bool
approve(enum which which)
{
	const struct record_event how = {.at = life.now, .by = "carol"};
	const struct config *config = &life_fixed.scratch->config;
	struct approval approvals[BOTH];
	size_t count = choose(which, approvals);
	struct store *store;
	enum err rc;

	if (!life.account && count > 0)
		return false;
	assert_ok(until_logout_collect(config, life_fixed.run, life.now, &why));
	for (unsigned i = 0; i < LIFE_POOL; i++)
		if (life.entries[i] == DEAD)
			life.entries[i] = NO_ENTRY;
	for (size_t i = 0; i < count; i++) {
		const char *id = approvals[i].record.id;

		assert_ok(until_logout_settle(
		    config, life_fixed.run, id, life.now, &why));
		assert_ok(until_logout_find_live(
		    life_fixed.run, id, &approvals[i].begun, &why));
	}
	store = life_open(STORE_WRITE);
	rc = approval_run(store, approvals, count,
	    which == BOTH ? LIFE_APPROVE_ALL : LIFE_APPROVE, &how, NULL, &why);
	return life_close(store, rc);
}

static bool
revoke(enum which which)
{
	const struct record_event how = {.at = life.now, .by = "carol"};
	struct store *store = life_open(STORE_WRITE);

	return life_close(store,
	    revocation_run(store, id_of(which), &how, NULL, NULL, NULL, &why));
}

/* As tokenadm/commands/delete.c does. */
static bool
delete_token(enum which which)
{
	struct record record;
	struct store *store;
	enum err rc;

	assert_true(life_get(which, &record));
	store = life_open(STORE_WRITE);
	rc = rotation_forget(store, &record, &why);
	if (rc == ERR_OK)
		rc = store_remove(store, &record, &why);
	life_leave(life_number(which));
	return life_close(store, rc);
}

/* As tokenadm/commands/edit.c does. */
static bool
edit(enum which which)
{
	struct record record = {.id = ""};
	struct store *store;

	assert_true(life_get(which, &record));
	if (life.now >= record.expires)
		return false;
	record.expires = life.now + LIFE_EDITED;
	rotation_set_life(&record, life.now);
	record.changed.at = life.now;
	store = life_open(STORE_WRITE);
	return life_close(store, store_put(store, &record, &why));
}

static bool
prune(void)
{
	struct store *store = life_open(STORE_WRITE);
	struct record record;
	bool done = life_close(
	    store, policy_prune(&POLICY, store, LIFE_USER, life.now, &why));

	for (unsigned i = 0; i < LIFE_POOL; i++)
		if (!life_read(i, &record))
			life_leave(i);
	return done;
}

static bool
disable(void)
{
	const struct record_event how = {
	    .at = life.now, .by = "watch", .reason = "account-expired"};
	struct store *store = life_open(STORE_WRITE);

	life.account = false;
	return life_close(store,
	    owner_tokens_deactivate(
		store, &OWNER, &how, life.now, NULL, NULL, &why));
}

/* As tokenadm/sweep/unused_tokens.c does. */
static bool
end_unused(void)
{
	const struct record_event how = {
	    .at = life.now, .by = "watch", .reason = UNUSED_REASON};
	const struct usage_clock clock = {.born = 1, .at = life.now};
	const struct unused unused = {.clock = &clock};
	struct store *store = life_open(STORE_WRITE);
	enum err rc = ERR_OK;

	for (int i = OLD; rc == ERR_OK && i < BOTH; i++) {
		struct record record;
		bool changed;

		if (i == OLD || life.successor != 0)
			rc = unused_end(store, id_of((enum which)i), &unused,
			    &how, &record, &changed, &why);
	}
	return life_close(store, rc);
}

/* The hosts of sessions end; the list still has them, or is lost with /run. */
static bool
lose_sessions(bool is_listed)
{
	for (unsigned i = 0; i < LIFE_POOL; i++) {
		if (!is_listed)
			life_leave(i);
		else if (life.entries[i] == LIVE)
			life.entries[i] = DEAD;
	}
	return true;
}

static bool
pass(int64_t time)
{
	life.now += time;
	return true;
}

bool
life_store_do(enum event event)
{
	switch (event) {
	case ROTATE:
		return rotate(LIFE_OVERLAP);
	case ROTATE_AT_ONCE:
		return rotate(0);
	case UNDO:
		return undo();
	case DISABLE:
		return disable();
	case ENABLE:
		return life.account = true;
	case UNUSED:
		return end_unused();
	case APPROVE_USER:
		return approve(BOTH);
	case PRUNE:
		return prune();
	case WAIT:
		return pass(LIFE_WAIT);
	case WAIT_LONG:
		return pass(LIFE_WAIT_LONG);
	case REBOOT:
		life.boot++;
		return lose_sessions(false);
	case EMPTY:
		return lose_sessions(false);
	case KILL:
		return lose_sessions(true);
	case LOGIN_OLD:
	case LOGIN_NEW:
		return log_in((enum which)(event - LOGIN_OLD));
	case LOGOUT_OLD:
	case LOGOUT_NEW:
		return log_out((enum which)(event - LOGOUT_OLD));
	case APPROVE_OLD:
	case APPROVE_NEW:
		return approve((enum which)(event - APPROVE_OLD));
	case REVOKE_OLD:
	case REVOKE_NEW:
		return revoke((enum which)(event - REVOKE_OLD));
	case DELETE_OLD:
	case DELETE_NEW:
		return delete_token((enum which)(event - DELETE_OLD));
	case EDIT_OLD:
	case EDIT_NEW:
		return edit((enum which)(event - EDIT_OLD));
	case EVENTS:
		break;
	}
	return false;
}
