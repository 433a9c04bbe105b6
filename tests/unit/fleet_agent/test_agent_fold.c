/* What the agent takes over of others' revocations, and when its own go. */
#include "fleet/agent_fold.h"

#include <string.h>

#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/lock.h"

#define ID "0123456789"
#define EXPIRES (NOW + 30 * DAY)
#define SECOND INT64_C(1000000000)
#define BOOTTIME (1000 * SECOND)
#define WAITED (BOOTTIME + CONFIG_STALE_AFTER_MAX * SECOND)

/* This machine's, the token's owner, and one who copies ids. */
static struct issuer hub, web, copier;
static struct folds folds;
static struct fold_wait waiting;
static int64_t boottime;
static bool is_trusted_unheard; /* who has not signed anything yet, too */

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	fleet_host_start(*state);
	issuer_start(&hub, "hub");
	issuer_start(&web, "web");
	issuer_start(&copier, "copier");
	is_trusted_unheard = false;
	boottime = BOOTTIME;
	return 0;
}

static int
teardown(void **state)
{
	agent_folds_free(&folds);
	fold_wait_free(&waiting);
	issuer_free(&hub);
	issuer_free(&web);
	issuer_free(&copier);
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

static void
apply_token(const struct scratch *scratch, struct issuer *issuer,
    enum record_state state, int64_t expires)
{
	struct fleet_record record;

	fleet_sample(&record, "text");
	record.token.state = state;
	record.token.expires = expires;
	if (state != RECORD_ACTIVE)
		record.token.ended = (struct record_event){NOW, "root", ""};
	apply(scratch, issuer, &record);
}

static void
apply_revocation(
    const struct scratch *scratch, struct issuer *issuer, bool ends_sessions)
{
	struct fleet_record record;

	fleet_sample_revoke(&record);
	record.token.expires = EXPIRES;
	record.ends_sessions = ends_sessions;
	apply(scratch, issuer, &record);
}

/* How much there is to do for hub at that time. */
static size_t
find(const struct scratch *scratch, int64_t now)
{
	const struct issuer *const all[] = {&hub, &web, &copier};
	struct fleet_trust each[COUNT_OF(all)];
	struct fleet_trusts trusts = {each, 0};
	const struct fleet_moment moment = {.boottime = boottime, .now = now};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (all[i]->head.seq > 0 || is_trusted_unheard)
			each[trusts.count++] = all[i]->trust;
	}
	agent_folds_free(&folds);
	assert_ok(agent_folds_find(
	    &folds, &waiting, &scratch->config, "hub", &trusts, &moment, &why));
	return folds.count;
}

/* The same, where what can be said of it was noted a day ago. */
static size_t
find_ripe(const struct scratch *scratch)
{
	fold_wait_free(&waiting);
	boottime = BOOTTIME;
	assert_int_equal(find(scratch, NOW), 0);
	boottime = WAITED;
	return find(scratch, NOW);
}

static void
test_owner_says_so(void **state)
{
	apply_revocation(*state, &hub, false);
	apply_token(*state, &web, RECORD_ACTIVE, EXPIRES);
	assert_int_equal(find_ripe(*state), 0);
	apply_token(*state, &web, RECORD_DEACTIVATED, EXPIRES);
	assert_int_equal(find_ripe(*state), 0);
	apply_token(*state, &web, RECORD_REVOKED, EXPIRES);
	assert_int_equal(find_ripe(*state), 1);
	assert_string_equal(folds.each[0].id, ID);
	assert_int_equal(folds.each[0].ended.at, 0);
}

/* Who copies an id into a record of its own does not own the other token. */
static void
test_copied_id(void **state)
{
	apply_revocation(*state, &hub, false);
	apply_token(*state, &web, RECORD_ACTIVE, EXPIRES);
	apply_token(*state, &copier, RECORD_REVOKED, EXPIRES);
	assert_int_equal(find_ripe(*state), 0);
	apply_token(*state, &web, RECORD_REVOKED, EXPIRES);
	assert_int_equal(find_ripe(*state), 1);
}

/* fleet.tdb may be new: the owner may be the one that was not heard yet. */
static void
test_not_all_are_heard(void **state)
{
	is_trusted_unheard = true;
	apply_revocation(*state, &hub, false);
	apply_token(*state, &copier, RECORD_REVOKED, EXPIRES);
	assert_int_equal(find_ripe(*state), 0);
	apply_token(*state, &web, RECORD_ACTIVE, EXPIRES);
	assert_int_equal(find_ripe(*state), 0);
	apply_token(*state, &web, RECORD_REVOKED, EXPIRES);
	assert_int_equal(find_ripe(*state), 1);
}

/* What the owner says since does not let it go at once. */
static void
test_no_earlier_than_a_host_is_stale(void **state)
{
	apply_revocation(*state, &hub, false);
	apply_token(*state, &web, RECORD_ACTIVE, EXPIRES);
	assert_int_equal(find(*state, NOW), 0);
	apply_token(*state, &web, RECORD_REVOKED, EXPIRES);
	boottime = WAITED - 1;
	assert_int_equal(find(*state, NOW), 0);
	boottime = WAITED;
	assert_int_equal(find(*state, NOW), 0);
	boottime = WAITED + (WAITED - BOOTTIME) - 1;
	assert_int_equal(find(*state, NOW), 0);
	boottime++;
	assert_int_equal(find(*state, NOW), 1);
	assert_string_equal(folds.each[0].id, ID);
	assert_int_equal(folds.each[0].ended.at, 0);
}

/* Sessions end on machines that will only see what the owner says, too. */
static void
test_owner_says_less(void **state)
{
	apply_revocation(*state, &hub, true);
	apply_token(*state, &web, RECORD_REVOKED, EXPIRES);
	assert_int_equal(find_ripe(*state), 0);
}

/* Where a clock is a day behind, the token lasts as much longer. */
static void
test_expired(void **state)
{
	apply_revocation(*state, &hub, false);
	assert_int_equal(find(*state, EXPIRES + DAY - 1), 0);
	assert_int_equal(find(*state, EXPIRES + DAY), 1);
	apply_token(*state, &web, RECORD_ACTIVE, EXPIRES + 7 * DAY);
	assert_int_equal(find(*state, EXPIRES + 8 * DAY - 1), 0);
	assert_int_equal(find(*state, EXPIRES + 8 * DAY), 1);
	apply_token(*state, &web, RECORD_ACTIVE, TIME_NEVER);
	assert_int_equal(find(*state, EXPIRES + 1000 * DAY), 0);
}

static void
test_taken_over(void **state)
{
	apply_token(*state, &hub, RECORD_ACTIVE, EXPIRES);
	assert_int_equal(find(*state, NOW), 0);
	apply_revocation(*state, &web, true);
	assert_int_equal(find(*state, NOW), 1);
	assert_int_equal(folds.each[0].ended.at, NOW);
	assert_string_equal(folds.each[0].ended.by, "web:root");
	assert_true(folds.each[0].ends_sessions);
	/* Revoked here meanwhile, but not so that sessions end */
	apply_token(*state, &hub, RECORD_REVOKED, EXPIRES);
	assert_int_equal(find(*state, NOW), 1);
	apply_revocation(*state, &web, false);
	assert_int_equal(find(*state, NOW), 0);
}

#define FOLD_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FOLD_TEST(test_owner_says_so),
	    FOLD_TEST(test_copied_id),
	    FOLD_TEST(test_not_all_are_heard),
	    FOLD_TEST(test_no_earlier_than_a_host_is_stale),
	    FOLD_TEST(test_owner_says_less),
	    FOLD_TEST(test_expired),
	    FOLD_TEST(test_taken_over),
	};

	return unit_run(tests);
}
