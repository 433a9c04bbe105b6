/* Which of the fleet's tokens let somebody log in on this host. */
#include "fleet/fleet_usable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "fleet/fleet_store.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define ID "0123456789"
#define MANY 8

static struct issuer hub, web;
static struct fleet_record record;

/* What was visited last, and how many were. */
static struct fleet_usable seen;
static size_t visits;

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	fleet_host_start(*state);
	issuer_start(&hub, "hub");
	issuer_start(&web, "web");
	fleet_sample(&record, "text");
	return 0;
}

static int
teardown(void **state)
{
	issuer_free(&hub);
	issuer_free(&web);
	return scratch_teardown(state);
}

static void
apply(const struct scratch *scratch, struct issuer *issuer)
{
	(void)issuer_sign(issuer);
	(void)fleet_host_apply(scratch, issuer);
}

/* hub says this of its token, and it is applied. */
static void
say(const struct scratch *scratch)
{
	issuer_put(&hub, ID, &record);
	apply(scratch, &hub);
}

static enum err
note(const struct fleet_usable *token, void *arg)
{
	(void)arg;
	seen = *token;
	visits++;
	return ERR_OK;
}

static enum err
walk(const struct scratch *scratch, int64_t now)
{
	visits = 0;
	return fleet_usable_each(
	    &scratch->config, now, deadline_in(MINUTE), note, NULL, &why);
}

static size_t
count(const struct scratch *scratch)
{
	assert_ok(walk(scratch, NOW));
	return visits;
}

static void
test_what_counts(void **state)
{
	struct scratch *scratch = *state;

	assert_int_equal(count(scratch), 0); /* nothing was ever applied */
	say(scratch);
	assert_int_equal(count(scratch), 1);
	assert_string_equal(seen.name.id, ID);
	assert_string_equal(seen.name.issuer, "hub");
	assert_string_equal(seen.token.id, ID);
	assert_string_equal(seen.token.user, "alice");
	assert_string_equal(seen.token.name, "deploy");
	assert_ok(walk(scratch, record.token.expires - 1));
	assert_int_equal(visits, 1);
	assert_ok(walk(scratch, record.token.expires));
	assert_int_equal(visits, 0);
	strcpy(record.hosts, "db1");
	say(scratch);
	assert_int_equal(count(scratch), 0);
	strcpy(record.groups, "web");
	say(scratch);
	assert_int_equal(count(scratch), 1);
	record.token.state = RECORD_DEACTIVATED;
	record.token.ended.at = NOW;
	say(scratch);
	assert_int_equal(count(scratch), 0);
}

/* Each issuer's token of an id counts, unless anybody has revoked the id. */
static void
test_of_two_issuers(void **state)
{
	struct scratch *scratch = *state;
	struct fleet_record other;

	say(scratch);
	fleet_sample(&other, "other text");
	issuer_put(&web, ID, &other);
	apply(scratch, &web);
	assert_int_equal(count(scratch), 2);
	fleet_sample_revoke(&other);
	issuer_put(&web, ID, &other);
	apply(scratch, &web);
	assert_int_equal(count(scratch), 0);
}

static void
test_ended_here(void **state)
{
	struct scratch *scratch = *state;
	struct fleet_name name = {ID, "hub"};
	struct record_event event = {NOW, "root", "here"};
	bool is_new;

	say(scratch);
	assert_ok(fleet_overlay_end(&scratch->config, &name, RECORD_DEACTIVATED,
	    &event, &is_new, deadline_in(MINUTE), &why));
	assert_int_equal(count(scratch), 0);
	assert_ok(fleet_overlay_approve(
	    &scratch->config, &name, &is_new, deadline_in(MINUTE), &why));
	assert_int_equal(count(scratch), 1);
}

static void
bind_to(const struct scratch *scratch, uid_t uid, bool is_local)
{
	struct fleet_name name = {ID, "hub"};

	assert_ok(fleet_overlay_bind(
	    &scratch->config, &name, uid, is_local, deadline_in(MINUTE), &why));
}

static void
expect(const struct scratch *scratch, bool is_bound, bool is_local, uid_t uid)
{
	assert_int_equal(count(scratch), 1);
	assert_true(seen.has_uid);
	assert_int_equal(seen.is_bound, is_bound);
	assert_int_equal(seen.is_local, is_local);
	assert_int_equal(seen.token.uid, uid);
}

/* Whose it is, and how that is known. */
static void
test_bound(void **state)
{
	struct scratch *scratch = *state;

	say(scratch);
	assert_int_equal(count(scratch), 1);
	assert_false(seen.has_uid || seen.is_bound || seen.is_local);
	bind_to(scratch, 1000, false);
	expect(scratch, true, false, 1000);
	bind_to(scratch, 1000, true);
	expect(scratch, true, true, 1000);
	bind_to(scratch, 1001, false);
	expect(scratch, true, true, 1000);
	bind_to(scratch, 1000, false);
	expect(scratch, true, false, 1000);
	bind_to(scratch, 1000, true);
	record.has_uid = true;
	record.token.uid = 1000;
	say(scratch);
	expect(scratch, true, true, 1000);
	record.token.uid = 1234;
	say(scratch);
	expect(scratch, false, false, 1234);
}

/* Changes the name of one user in the database. */
static void
damage(const struct scratch *scratch, const char *user, const char *to)
{
	char path[STORE_PATH_SIZE];
	size_t len;
	uint8_t *bytes, *at;

	store_path(&scratch->config, FLEET_DATABASE, path);
	bytes = scratch_read(path, &len);
	at = memmem(bytes, len, user, strlen(user));
	assert_non_null(at);
	memcpy(at, to, strlen(user));
	scratch_write(path, bytes, len, 0600);
	free(bytes);
}

/* Wherever it lies, it does not hide the others. */
static void
test_one_is_damaged(void **state)
{
	const struct scratch *scratch = *state;
	char id[TOKEN_ID_LEN + 1] = ID, user[] = "userX", other[] = "otheX";

	for (unsigned i = 0; i < MANY; i++) {
		id[9] = (char)('0' + i);
		user[4] = (char)('a' + i);
		strcpy(record.token.user, user);
		issuer_put(&hub, id, &record);
	}
	apply(scratch, &hub);
	assert_int_equal(count(scratch), MANY);
	for (unsigned i = 0; i < MANY; i++) {
		user[4] = other[4] = (char)('a' + i);
		damage(scratch, user, other);
		assert_err(ERR_DAMAGED, walk(scratch, NOW));
		assert_says("is damaged");
		assert_int_equal(visits, MANY - 1);
		damage(scratch, other, user);
	}
	assert_int_equal(count(scratch), MANY);
}

static enum err
refuse(const struct fleet_usable *token, void *arg)
{
	(void)note(token, arg);
	return ERR_NOMEM;
}

static void
test_visitor_ends_it(void **state)
{
	const struct scratch *scratch = *state;

	issuer_put(&hub, "abcdefghjk", &record);
	say(scratch);
	visits = 0;
	assert_err(ERR_NOMEM,
	    fleet_usable_each(&scratch->config, NOW, deadline_in(MINUTE),
		refuse, NULL, &why));
	assert_int_equal(visits, 1);
}

#define USABLE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    USABLE_TEST(test_what_counts),
	    USABLE_TEST(test_of_two_issuers),
	    USABLE_TEST(test_ended_here),
	    USABLE_TEST(test_bound),
	    USABLE_TEST(test_one_is_damaged),
	    USABLE_TEST(test_visitor_ends_it),
	};

	return unit_run(tests);
}
