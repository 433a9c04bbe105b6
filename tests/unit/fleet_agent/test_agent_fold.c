/* When what others have revoked is taken over, and when a revocation goes. */
#include "fleet/agent_fold.h"

#include <string.h>

#include "fleet/fleet_apply.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/lock.h"

#define ID "0123456789"
#define MINUTE 60000 /* milliseconds: only a hang would reach it */

/* hub has issued the token, web has revoked it, thief copies its id. */
static struct issuer hub, web, thief;
static struct fleet_trust trusts[3];

static int
setup(void **state)
{
	struct fleet_record record;

	if (scratch_setup_store(state) != 0)
		return -1;
	fleet_host_start(*state);
	issuer_start(&hub, "hub");
	issuer_start(&web, "web");
	issuer_start(&thief, "thief");
	trusts[0] = hub.trust;
	trusts[1] = web.trust;
	trusts[2] = thief.trust;
	fleet_sample_revoke(&record);
	issuer_put(&web, ID, &record);
	return 0;
}

static int
teardown(void **state)
{
	issuer_free(&hub);
	issuer_free(&web);
	issuer_free(&thief);
	return scratch_teardown(state);
}

static void
apply(const struct scratch *scratch, struct issuer *issuer)
{
	struct fleet_applied applied;

	(void)issuer_sign(issuer);
	assert_ok(fleet_apply(&applied, &scratch->config, &issuer->list,
	    &issuer->trust, NOW, lock_deadline(MINUTE), &why));
}

/* The issuer has a token of this id. */
static void
say(const struct scratch *scratch, struct issuer *issuer,
    enum record_state state, int64_t expires)
{
	struct fleet_record record;

	fleet_sample(&record, "text");
	record.token.state = state;
	record.token.expires = expires;
	if (state != RECORD_ACTIVE)
		record.token.ended.at = NOW;
	issuer_put(issuer, ID, &record);
	apply(scratch, issuer);
}

/* What there is to do on the machine of an issuer, at some time. */
static void
expect_folds(const struct scratch *scratch, const char *own, int64_t now,
    size_t count, bool is_revoked)
{
	const struct fleet_trusts all = {trusts, 3};
	struct folds folds;

	assert_ok(
	    agent_folds_find(&folds, &scratch->config, own, &all, now, &why));
	assert_int_equal(folds.count, count);
	if (count > 0)
		assert_int_equal(folds.each[0].ended.at != 0, is_revoked);
	agent_folds_free(&folds);
}

static void
test_the_owner_takes_it_over(void **state)
{
	apply(*state, &thief);
	apply(*state, &web);
	say(*state, &hub, RECORD_ACTIVE, TIME_NEVER);
	expect_folds(*state, "hub", NOW, 1, true);
	say(*state, &hub, RECORD_DEACTIVATED, TIME_NEVER);
	expect_folds(*state, "hub", NOW, 1, true);
	say(*state, &hub, RECORD_REVOKED, TIME_NEVER);
	expect_folds(*state, "hub", NOW, 0, false);
}

static void
test_it_goes_once_its_owner_says_so(void **state)
{
	apply(*state, &thief);
	apply(*state, &web);
	expect_folds(*state, "web", NOW, 0, false);
	say(*state, &hub, RECORD_ACTIVE, TIME_NEVER);
	expect_folds(*state, "web", NOW, 0, false);
	say(*state, &hub, RECORD_REVOKED, TIME_NEVER);
	expect_folds(*state, "web", NOW, 1, false);
}

/* A copy of the id that is called revoked is not its owner's word. */
static void
test_not_for_a_copy(void **state)
{
	apply(*state, &web);
	say(*state, &thief, RECORD_REVOKED, TIME_NEVER);
	expect_folds(*state, "web", NOW, 0, false);
	say(*state, &hub, RECORD_ACTIVE, TIME_NEVER);
	expect_folds(*state, "web", NOW, 0, false);
	say(*state, &hub, RECORD_REVOKED, TIME_NEVER);
	expect_folds(*state, "web", NOW, 1, false);
}

/* The clock of who has revoked it may be ahead, and the token have got longer.
 */
static void
test_it_goes_a_day_after_the_end(void **state)
{
	const int64_t end = NOW + 30 * DAY; /* as it has */

	apply(*state, &thief);
	apply(*state, &web);
	expect_folds(*state, "web", end + DAY - 1, 0, false);
	expect_folds(*state, "web", end + DAY, 1, false);
	say(*state, &hub, RECORD_ACTIVE, end + DAY);
	expect_folds(*state, "web", end + 2 * DAY - 1, 0, false);
	expect_folds(*state, "web", end + 2 * DAY, 1, false);
}

#define FOLD_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FOLD_TEST(test_the_owner_takes_it_over),
	    FOLD_TEST(test_it_goes_once_its_owner_says_so),
	    FOLD_TEST(test_not_for_a_copy),
	    FOLD_TEST(test_it_goes_a_day_after_the_end),
	};

	return unit_run(tests);
}
