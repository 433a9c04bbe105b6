/* A revocation that its issuer does not publish any more. */
#include "fleet/fleet_retain.h"

#include <string.h>

#include "base/deadline.h"
#include "fleet/fleet_overlay.h"
#include "fleet/fleet_store.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define ID "0123456789"
#define OTHER "abcdefghjk"

static struct issuer hub, web;

static int
setup(void **state)
{
	struct fleet_record record;

	if (scratch_setup_store(state) != 0)
		return -1;
	fleet_host_start(*state);
	issuer_start(&hub, "hub");
	issuer_start(&web, "web");
	fleet_sample(&record, "text");
	issuer_put(&hub, ID, &record);
	(void)issuer_sign(&hub);
	return 0;
}

static int
teardown(void **state)
{
	issuer_free(&hub);
	issuer_free(&web);
	return scratch_teardown(state);
}

/* What an issuer says of an id; its bytes are gone. */
static struct fleet_part
part_of(const struct scratch *scratch, const char *id, const char *issuer)
{
	struct fleet_store *store;
	struct fleet_entry entry;
	struct fleet_part *found, part;

	assert_ok(fleet_store_open(
	    &store, &scratch->config, STORE_READ, deadline_in(MINUTE), &why));
	assert_ok(fleet_store_get(store, id, &entry, &why));
	fleet_store_close(store);
	found = fleet_entry_find(&entry, issuer);
	assert_non_null(found);
	part = *found;
	part.bytes = NULL;
	fleet_entry_free(&entry);
	return part;
}

/* web revokes hub's token, and both are applied. */
static void
revoke_by_web(const struct scratch *scratch)
{
	struct fleet_record record;

	fleet_sample_revoke(&record);
	issuer_put(&web, ID, &record);
	(void)issuer_sign(&web);
	(void)fleet_host_apply(scratch, &hub);
	(void)fleet_host_apply(scratch, &web);
}

static void
drop_by_web(const struct scratch *scratch)
{
	issuer_drop(&web, ID);
	(void)issuer_sign(&web);
	(void)fleet_host_apply(scratch, &web);
}

/* hub says this of its token, and it is applied. */
static void
say_by_hub(const struct scratch *scratch, enum record_state state)
{
	struct fleet_record record;

	fleet_sample(&record, "text");
	record.token.state = state;
	if (state != RECORD_ACTIVE)
		record.token.ended.at = NOW;
	issuer_put(&hub, ID, &record);
	(void)issuer_sign(&hub);
	(void)fleet_host_apply(scratch, &hub);
}

static struct fleet_overlay
overlay_of_hub(const struct scratch *scratch)
{
	return part_of(scratch, ID, "hub").overlay;
}

/* Who has revoked may lose it; the host goes on with it. */
static void
test_revocation_is_retained(void **state)
{
	struct fleet_overlay overlay;
	struct fleet_record record;

	revoke_by_web(*state);
	assert_int_equal(overlay_of_hub(*state).state, 0);
	drop_by_web(*state);
	overlay = overlay_of_hub(*state);
	assert_int_equal(overlay.state, RECORD_REVOKED);
	assert_true(overlay.is_retained);
	fleet_sample_revoke(&record);
	assert_int_equal(overlay.ended.at, record.token.ended.at);
	assert_string_equal(overlay.ended.reason, record.token.ended.reason);
	assert_int_equal(memcmp(overlay.ended.by, "web:", 4), 0);
	say_by_hub(*state, RECORD_DEACTIVATED);
	say_by_hub(*state, RECORD_ACTIVE);
	assert_int_equal(overlay_of_hub(*state).state, RECORD_REVOKED);
}

/* A token in its place is no way to take it back. */
static void
test_revocation_becomes_a_token(void **state)
{
	struct fleet_record record;

	revoke_by_web(*state);
	fleet_sample(&record, "other text");
	issuer_put(&web, ID, &record);
	(void)issuer_sign(&web);
	(void)fleet_host_apply(*state, &web);
	assert_int_equal(overlay_of_hub(*state).state, RECORD_REVOKED);
	assert_true(part_of(*state, ID, "web").len > 0);
}

/* Its owner says so by now: from then on it is his to say. */
static void
test_retained_until_the_owner_says_so(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_name name = {ID, "hub"};

	revoke_by_web(scratch);
	assert_ok(fleet_overlay_bind(
	    &scratch->config, &name, 1000, true, deadline_in(MINUTE), &why));
	drop_by_web(scratch);
	say_by_hub(scratch, RECORD_REVOKED);
	assert_int_equal(overlay_of_hub(scratch).state, 0);
	assert_false(overlay_of_hub(scratch).is_retained);
	assert_true(overlay_of_hub(scratch).has_uid);
	say_by_hub(scratch, RECORD_ACTIVE);
	assert_int_equal(overlay_of_hub(scratch).state, 0);
}

static void
test_not_retained_once_the_owner_has_said_so(void **state)
{
	revoke_by_web(*state);
	say_by_hub(*state, RECORD_REVOKED);
	drop_by_web(*state);
	assert_int_equal(overlay_of_hub(*state).state, 0);
}

/* A day after the end nobody needs it; before, one of two clocks may be off. */
static void
test_retained_until_it_expires(void **state)
{
	struct fleet_record record;

	fleet_sample(&record, "text");
	record.token.expires = NOW - DAY + 1;
	issuer_put(&hub, ID, &record);
	record.token.expires--;
	issuer_put(&hub, OTHER, &record);
	(void)issuer_sign(&hub);
	fleet_sample_revoke(&record);
	issuer_put(&web, ID, &record);
	issuer_put(&web, OTHER, &record);
	(void)issuer_sign(&web);
	(void)fleet_host_apply(*state, &hub);
	(void)fleet_host_apply(*state, &web);
	issuer_drop(&web, OTHER);
	issuer_drop(&web, ID);
	(void)issuer_sign(&web);
	(void)fleet_host_apply(*state, &web);
	assert_int_equal(overlay_of_hub(*state).state, RECORD_REVOKED);
	assert_true(part_of(*state, OTHER, "hub").len > 0);
	assert_int_equal(part_of(*state, OTHER, "hub").overlay.state, 0);
}

/* And this machine's own word against it. */
static void
test_retained_until_approved_here(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_name name = {ID, "hub"};
	bool is_new;

	revoke_by_web(scratch);
	drop_by_web(scratch);
	assert_ok(fleet_overlay_approve(
	    &scratch->config, &name, &is_new, deadline_in(MINUTE), &why));
	assert_true(is_new);
	assert_int_equal(overlay_of_hub(scratch).state, 0);
	assert_false(overlay_of_hub(scratch).is_retained);
}

#define RETAIN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    RETAIN_TEST(test_revocation_is_retained),
	    RETAIN_TEST(test_revocation_becomes_a_token),
	    RETAIN_TEST(test_retained_until_the_owner_says_so),
	    RETAIN_TEST(test_not_retained_once_the_owner_has_said_so),
	    RETAIN_TEST(test_retained_until_it_expires),
	    RETAIN_TEST(test_retained_until_approved_here),
	};

	return unit_run(tests);
}
