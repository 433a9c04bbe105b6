/*
 * What this machine issues, as it takes it itself: by steps, without reading
 * all, it comes to the same as if all was read.
 */
#include "fleet/fleet_own.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "fleet/fleet_change.h"
#include "fleet/fleet_set.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/create.h"

#define HASHES "lib/issued/hashes"

static struct fleet_key key;
static struct fleet_trust trust;
static struct config issued;
static int64_t now;

static int
setup(void **state)
{
	struct scratch *scratch;
	struct issuer issuer;
	bool created;

	if (scratch_setup_store(state) != 0)
		return -1;
	scratch = *state;
	fleet_host_start(scratch);
	scratch->config.fleet.valid_for = DAY;
	now = NOW;
	assert_ok(crypto_init(&why));
	assert_ok(fleet_key_create(
	    &key, scratch_path(scratch, "fleet.key"), "hub", &why));
	issuer_start(&issuer, "hub");
	memcpy(issuer.trust.key, key.key, sizeof(key.key));
	fleet_host_trust(scratch, &issuer);
	trust = issuer.trust;
	issuer_free(&issuer);
	fleet_issued_config(&issued, &scratch->config);
	assert_ok(create_store(&issued, deadline_in(MINUTE), &created, &why));
	return 0;
}

/* What a change does with the tokens of that name. */
enum what {
	ISSUE,
	REVOKE,
	DELETE,
	RENEW,
	REVOKE_ANOTHERS
};

static struct record token;

static void
do_it(struct store *store, struct fleet_change *change, enum what what)
{
	const struct fleet_revocation revocation = {
	    .ended = {NOW, "root", ""}, .expires = NOW + 30 * DAY};
	char text[TOKEN_LEN + 1];

	switch (what) {
	case ISSUE:
		token = (struct record){.state = RECORD_ACTIVE,
		    .user = "alice",
		    .name = "deploy",
		    .uid = (uid_t)-1,
		    .services = "sshd",
		    .expires = NOW + 30 * DAY,
		    .created = {.at = NOW}};
		assert_ok(store_draw_token(store, &token, text, &why));
		assert_ok(store_add(store, &token, &why));
		break;
	case REVOKE:
		token.state = RECORD_REVOKED;
		token.ended = (struct record_event){NOW, "root", ""};
		assert_ok(store_put(store, &token, &why));
		break;
	case DELETE:
		assert_ok(store_remove(store, &token, &why));
		break;
	case RENEW:
		fleet_change_renew(change);
		break;
	case REVOKE_ANOTHERS:
		assert_ok(fleet_change_revoke(
		    change, "0123456789", &revocation, &why));
		break;
	}
}

static void
change(const struct scratch *scratch, enum what what)
{
	struct fleet_change *one;
	struct store *store;
	bool is_new;

	assert_ok(store_open(
	    &store, &issued, STORE_WRITE, deadline_in(MINUTE), &why));
	assert_ok(fleet_change_begin(
	    &one, store, &scratch->config, &key, now++, &why));
	do_it(store, one, what);
	assert_ok(fleet_change_end(one, &is_new, &why));
	assert_true(is_new);
	assert_ok(store_commit(store, &why));
	fleet_change_committed(one);
	fleet_change_free(one);
	store_close(store);
}

static struct fleet_engine_list
list_issued(void)
{
	struct fleet_engine_list list;
	struct store *store;

	assert_ok(
	    store_open(&store, &issued, STORE_SCAN, deadline_in(MINUTE), &why));
	assert_ok(fleet_issued_list(store, &list, &why));
	store_close(store);
	return list;
}

/* The head is that of what is published. */
static void
assert_signed(void)
{
	struct fleet_engine_list all = list_issued();
	uint8_t hash[CRYPTO_HASH_LEN];
	struct fleet_set set;

	fleet_set_start(&set, all.list.count);
	for (size_t i = 0; i < all.list.count; i++) {
		const struct fleet_item *item = &all.list.items[i];

		fleet_record_hash(hash, item->id, item->bytes, item->len);
		fleet_set_add(&set, item->id, hash);
	}
	fleet_set_end(&set, hash);
	assert_int_equal(all.list.head.count, all.list.count);
	assert_memory_equal(all.list.head.set, hash, sizeof(hash));
	fleet_engine_list_free(&all);
}

/* Applied as it is, all of it once more changes nothing. */
static void
assert_applied(const struct scratch *scratch)
{
	struct fleet_engine_list all = list_issued();
	struct fleet_applied applied;

	assert_ok(fleet_own_apply(
	    &applied, &scratch->config, &key, now, deadline_in(MINUTE), &why));
	assert_true(fleet_head_equals(&applied.head, &all.list.head));
	assert_ok(fleet_apply(&applied, &scratch->config, &all.list, &trust,
	    now, deadline_in(MINUTE), &why));
	assert_false(applied.is_new);
	assert_int_equal(applied.written, 0);
	assert_int_equal(applied.removed, 0);
	fleet_engine_list_free(&all);
}

static void
test_step_by_step(void **state)
{
	change(*state, ISSUE);
	assert_applied(*state);
	change(*state, ISSUE);
	assert_applied(*state);
	change(*state, REVOKE);
	change(*state, RENEW);
	assert_applied(*state);
	change(*state, DELETE);
	assert_applied(*state);
	assert_applied(*state);
}

/* More than is worth it one by one */
static void
test_many_steps(void **state)
{
	change(*state, ISSUE);
	assert_applied(*state);
	for (unsigned i = 0; i < 20; i++)
		change(*state, ISSUE);
	assert_applied(*state);
}

/* Whoever is not trusted here to revoke does not by steps, either. */
static void
test_not_trusted(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_applied applied;
	struct issuer issuer;

	change(scratch, ISSUE);
	assert_applied(scratch);
	issuer_start(&issuer, "hub");
	memcpy(issuer.trust.key, key.key, sizeof(key.key));
	issuer.trust.may_revoke = false;
	fleet_host_trust(scratch, &issuer);
	issuer_free(&issuer);
	change(scratch, REVOKE_ANOTHERS);
	assert_err(ERR_REFUSED,
	    fleet_own_apply(&applied, &scratch->config, &key, now,
		deadline_in(MINUTE), &why));
}

/* The file of hashes is of use only if it is right. */
static void
test_hashes(void **state)
{
	const char *path = scratch_path(*state, HASHES);
	uint8_t *good, *old;
	size_t len, old_len;

	change(*state, ISSUE);
	old = scratch_read(path, &old_len);
	change(*state, ISSUE);
	assert_signed();
	good = scratch_read(path, &len);
	assert_int_equal(len, 2 * old_len);
	good[len - 1] ^= 1;
	scratch_write(path, good, len, 0600);
	change(*state, ISSUE);
	assert_signed();
	scratch_write(path, old, old_len, 0600);
	change(*state, REVOKE);
	assert_signed();
	assert_int_equal(unlink(path), 0);
	change(*state, DELETE);
	assert_signed();
	change(*state, ISSUE);
	assert_signed();
	free(good);
	free(old);
}

#define OWN_TEST(test)                                                         \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    OWN_TEST(test_step_by_step),
	    OWN_TEST(test_many_steps),
	    OWN_TEST(test_not_trusted),
	    OWN_TEST(test_hashes),
	};

	return unit_run(tests);
}
