/* Whose sessions a fleet ends: of what was revoked so by who may. */
#include "sessions/fleet_sessions.h"

#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "one_session.h"
#include "sessions/terminate.h"
#include "store/store.h"

#define ID "0123456789"

/* hub has issued the token of alice, whose session there is. */
static struct issuer hub, web, thief;
static struct context *context;
static size_t ended;

enum err __wrap_terminate_sessions(
    struct context *, const struct selection *, struct termination *);

enum err
__wrap_terminate_sessions(struct context *one, const struct selection *tokens,
    struct termination *done)
{
	(void)one;
	*done = (struct termination){.ended = tokens->count};
	ended = tokens->count;
	return ERR_OK;
}

static int
setup(void **state)
{
	struct scratch *scratch;

	if (scratch_setup_store(state) != 0)
		return -1;
	scratch = *state;
	one_session = (struct session){.id = ID, .user = "alice"};
	fleet_host_start(scratch);
	issuer_start(&hub, "hub");
	issuer_start(&web, "web");
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
	issuer_free(&web);
	issuer_free(&thief);
	return scratch_teardown(state);
}

static void
apply(const struct scratch *scratch, struct issuer *issuer,
    const struct fleet_record *record)
{
	issuer_put(issuer, ID, record);
	(void)issuer_sign(issuer);
	(void)fleet_host_apply(scratch, issuer);
}

/* The issuer has a token of this id; its sessions are to end, if revoked. */
static void
say(const struct scratch *scratch, struct issuer *issuer, const char *user,
    enum record_state state)
{
	struct fleet_record record;

	fleet_sample(&record, "text");
	strcpy(record.token.user, user);
	record.token.state = state;
	record.ends_sessions = true;
	if (state != RECORD_ACTIVE)
		record.token.ended.at = NOW;
	apply(scratch, issuer, &record);
}

static void
expect_ended(size_t count)
{
	ended = 0;
	assert_int_equal(fleet_sessions_end(context), ERR_OK);
	assert_int_equal(ended, count);
}

static void
test_by_its_issuer(void **state)
{
	expect_ended(0);
	say(*state, &hub, "alice", RECORD_ACTIVE);
	expect_ended(0);
	say(*state, &hub, "alice", RECORD_DEACTIVATED);
	expect_ended(0);
	say(*state, &hub, "alice", RECORD_REVOKED);
	expect_ended(1);
}

static void
test_by_another(void **state)
{
	struct fleet_record record;

	say(*state, &hub, "alice", RECORD_ACTIVE);
	fleet_sample_revoke(&record);
	apply(*state, &web, &record);
	expect_ended(0);
	record.ends_sessions = true;
	apply(*state, &web, &record);
	expect_ended(1);
}

/* Who copies an id into a token of his own ends nobody's sessions with it. */
static void
test_not_by_a_copy(void **state)
{
	say(*state, &hub, "alice", RECORD_ACTIVE);
	say(*state, &thief, "alice", RECORD_REVOKED);
	expect_ended(0);
	say(*state, &hub, "alice", RECORD_REVOKED);
	expect_ended(1);
}

static void
test_not_of_another_user(void **state)
{
	say(*state, &thief, "mallory", RECORD_REVOKED);
	expect_ended(0);
}

static void
test_not_of_a_local_token(void **state)
{
	const struct scratch *scratch = *state;
	struct record record = {.id = ID,
	    .state = RECORD_ACTIVE,
	    .user = "alice",
	    .name = "local",
	    .uid = 1000,
	    .services = "sshd",
	    .expires = NOW + DAY,
	    .created = {.at = NOW}};
	struct store *store;

	assert_ok(store_open(
	    &store, &scratch->config, STORE_WRITE, deadline_in(MINUTE), &why));
	assert_ok(store_add(store, &record, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	say(*state, &thief, "alice", RECORD_REVOKED);
	expect_ended(0);
}

#define END_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    END_TEST(test_by_its_issuer),
	    END_TEST(test_by_another),
	    END_TEST(test_not_by_a_copy),
	    END_TEST(test_not_of_another_user),
	    END_TEST(test_not_of_a_local_token),
	};

	return unit_run(tests);
}
