/* Whose sessions a sweep ends, though it did not deactivate their tokens. */
#include "sessions/deactivated.h"

#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "check/repair.h"
#include "fleet/fleet_overlay.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "one_session.h"
#include "store/store.h"

#define ID "0123456789"

static struct issuer hub, thief;
static struct context *context;

static int
setup(void **state)
{
	struct scratch *scratch;

	if (scratch_setup_store(state) != 0)
		return -1;
	scratch = *state;
	one_session = (struct session){.id = ID, .user = "alice"};
	one_session_is_over = false;
	fleet_host_start(scratch);
	issuer_start(&hub, "hub");
	issuer_start(&thief, "thief");
	context = calloc(1, sizeof(*context));
	assert_non_null(context);
	context->config = scratch->config;
	return 0;
}

static int
teardown(void **state)
{
	free(context);
	issuer_free(&hub);
	issuer_free(&thief);
	return scratch_teardown(state);
}

static void
expect_found(const char *user, size_t count)
{
	struct selection tokens;

	assert_ok(deactivated_find(context, user, &tokens));
	assert_int_equal(tokens.count, count);
	if (count > 0)
		assert_int_equal(tokens.records[0].uid, 1000);
	select_free(&tokens);
}

/* Stores the local token in that state, ended for that reason. */
static void
store(struct scratch *scratch, enum record_state state, const char *reason)
{
	struct record record = {.id = ID,
	    .state = state,
	    .user = "alice",
	    .name = "local",
	    .uid = 1000,
	    .services = "sshd",
	    .expires = NOW + DAY,
	    .created = {.at = NOW},
	    .ended = {.at = state == RECORD_ACTIVE ? 0 : NOW}};
	struct store *store;

	strcpy(record.ended.reason, reason);
	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	if (state == RECORD_ACTIVE)
		assert_ok(store_add(store, &record, &why));
	else
		assert_ok(store_put(store, &record, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
}

static void
test_local(void **state)
{
	expect_found(NULL, 0);
	store(*state, RECORD_ACTIVE, "");
	expect_found(NULL, 0);
	store(*state, RECORD_DEACTIVATED, "account-expired");
	expect_found(NULL, 1);
	expect_found("alice", 1);
	expect_found("bob", 0);
	/* One whose file is damaged tells no user */
	one_session.user[0] = '\0';
	expect_found("alice", 1);
	one_session_is_over = true;
	expect_found(NULL, 0);
}

static void
test_unused(void **state)
{
	store(*state, RECORD_ACTIVE, "");
	store(*state, RECORD_DEACTIVATED, "unused");
	expect_found(NULL, 1);
}

/* Its sessions were left open by whoever revoked it. */
static void
test_revoked(void **state)
{
	store(*state, RECORD_ACTIVE, "");
	store(*state, RECORD_REVOKED, "");
	expect_found(NULL, 0);
}

static void
test_repaired(void **state)
{
	store(*state, RECORD_ACTIVE, "");
	store(*state, RECORD_DEACTIVATED, REPAIR_REASON);
	expect_found(NULL, 0);
}

/* The issuer has a token of this id. */
static void
say(const struct scratch *scratch, struct issuer *issuer, const char *user,
    enum record_state state)
{
	struct fleet_record record;

	fleet_sample(&record, "text");
	strcpy(record.token.user, user);
	record.token.state = state;
	if (state != RECORD_ACTIVE)
		record.token.ended.at = NOW;
	issuer_put(issuer, ID, &record);
	(void)issuer_sign(issuer);
	(void)fleet_host_apply(scratch, issuer);
}

/* This host ends an issuer's token, which was used by uid 1000. */
static void
end_here(
    const struct scratch *scratch, const char *issuer, enum record_state state)
{
	struct fleet_name name = {.id = ID};
	const struct record_event event = {.at = NOW, .by = "root"};
	bool is_new;

	strcpy(name.issuer, issuer);
	assert_ok(fleet_overlay_bind(
	    &scratch->config, &name, 1000, true, deadline_in(MINUTE), &why));
	assert_ok(fleet_overlay_end(&scratch->config, &name, state, &event,
	    &is_new, deadline_in(MINUTE), &why));
	assert_true(is_new);
}

static void
test_of_a_fleet(void **state)
{
	say(*state, &hub, "alice", RECORD_ACTIVE);
	expect_found(NULL, 0);
	end_here(*state, "hub", RECORD_DEACTIVATED);
	expect_found(NULL, 1);
	expect_found("alice", 1);
	expect_found("bob", 0);
	/* Whatever its issuer says of it since */
	say(*state, &hub, "alice", RECORD_REVOKED);
	expect_found(NULL, 1);
	context->config.fleet.id[0] = '\0';
	expect_found(NULL, 0);
}

static void
test_withdrawn_by_its_issuer(void **state)
{
	say(*state, &hub, "alice", RECORD_ACTIVE);
	end_here(*state, "hub", RECORD_DEACTIVATED);
	issuer_drop(&hub, ID);
	(void)issuer_sign(&hub);
	(void)fleet_host_apply(*state, &hub);
	expect_found(NULL, 1);
}

static void
test_revoked_here(void **state)
{
	say(*state, &hub, "alice", RECORD_ACTIVE);
	end_here(*state, "hub", RECORD_REVOKED);
	expect_found(NULL, 0);
}

/* Its issuer's machine is not this one. */
static void
test_deactivated_there(void **state)
{
	say(*state, &hub, "alice", RECORD_DEACTIVATED);
	expect_found(NULL, 0);
}

/* Of a copied id, the session's token is the one that goes on. */
static void
test_copies(void **state)
{
	say(*state, &hub, "alice", RECORD_ACTIVE);
	say(*state, &thief, "alice", RECORD_ACTIVE);
	end_here(*state, "thief", RECORD_DEACTIVATED);
	expect_found(NULL, 0);
	end_here(*state, "hub", RECORD_DEACTIVATED);
	expect_found(NULL, 1);
}

static void
test_of_another_user(void **state)
{
	say(*state, &thief, "mallory", RECORD_ACTIVE);
	end_here(*state, "thief", RECORD_DEACTIVATED);
	expect_found(NULL, 0);
}

static void
test_local_before_a_fleet(void **state)
{
	store(*state, RECORD_ACTIVE, "");
	say(*state, &thief, "alice", RECORD_ACTIVE);
	end_here(*state, "thief", RECORD_DEACTIVATED);
	expect_found(NULL, 0);
}

#define FIND_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIND_TEST(test_local),
	    FIND_TEST(test_unused),
	    FIND_TEST(test_revoked),
	    FIND_TEST(test_repaired),
	    FIND_TEST(test_of_a_fleet),
	    FIND_TEST(test_withdrawn_by_its_issuer),
	    FIND_TEST(test_revoked_here),
	    FIND_TEST(test_deactivated_there),
	    FIND_TEST(test_copies),
	    FIND_TEST(test_of_another_user),
	    FIND_TEST(test_local_before_a_fleet),
	};

	return unit_run(tests);
}
