/* What an engine that lies, and an issuer who may not, can bring. */
#include "fleet/fleet_verify.h"

#include <stdlib.h>
#include <string.h>

#include "lib/fleet.h"
#include "lib/unit.h"

#define ID "0123456789"
#define OTHER "abcdefghjk"

/* An issuer with a token and a revocation, and what is expected of it. */
struct trial {
	struct issuer issuer;
	struct fleet_expected expected;
	struct fleet_head applied;
	uint8_t hashes[8][CRYPTO_HASH_LEN];
};

static int
setup(void **state)
{
	struct trial *one = calloc(1, sizeof(*one));
	struct fleet_record record;

	if (one == NULL)
		return -1;
	issuer_start(&one->issuer, "hub");
	fleet_sample(&record, "text");
	issuer_put(&one->issuer, ID, &record);
	fleet_sample_revoke(&record);
	issuer_put(&one->issuer, OTHER, &record);
	one->issuer.head.seq = 4;
	(void)issuer_sign(&one->issuer);
	memcpy(one->expected.fleet, one->issuer.head.fleet, FLEET_ID_LEN);
	one->expected.trust = &one->issuer.trust;
	one->expected.now = NOW;
	*state = one;
	return 0;
}

static int
teardown(void **state)
{
	struct trial *one = *state;

	issuer_free(&one->issuer);
	free(one);
	return 0;
}

static enum err
verify(struct trial *one)
{
	memset(&why, 0, sizeof(why));
	return fleet_verify(
	    &one->issuer.list, &one->expected, one->hashes, &why);
}

static void
expect_refused(struct trial *one, const char *says)
{
	assert_err(ERR_REFUSED, verify(one));
	assert_says(says);
}

static void
test_good(void **state)
{
	struct trial *one = *state;
	const struct fleet_item *item = &one->issuer.list.items[1];
	uint8_t hash[CRYPTO_HASH_LEN];

	assert_ok(verify(one));
	fleet_record_hash(hash, item->id, item->bytes, item->len);
	assert_memory_equal(hash, one->hashes[1], sizeof(hash));
	/* The same again, the next, and a later epoch */
	one->applied = one->issuer.head;
	one->expected.applied = &one->applied;
	assert_ok(verify(one));
	one->applied.seq--;
	assert_ok(verify(one));
	one->applied.seq = 100;
	one->applied.epoch = 0;
	assert_ok(verify(one));
}

static void
test_nothing_is_a_list(void **state)
{
	struct trial *one = *state;

	issuer_drop(&one->issuer, ID);
	issuer_drop(&one->issuer, OTHER);
	(void)issuer_sign(&one->issuer);
	assert_ok(verify(one));
}

static void
test_older(void **state)
{
	struct trial *one = *state;

	one->applied = one->issuer.head;
	one->expected.applied = &one->applied;
	one->applied.seq++;
	expect_refused(one, "older than what is applied here");
	one->applied = one->issuer.head;
	one->applied.epoch++;
	one->applied.seq = 0;
	expect_refused(one, "older than what is applied here");
}

static void
test_same_seq_other_set(void **state)
{
	struct trial *one = *state;

	one->applied = one->issuer.head;
	one->expected.applied = &one->applied;
	issuer_drop(&one->issuer, OTHER);
	one->issuer.head.seq--;
	(void)issuer_sign(&one->issuer);
	expect_refused(one, "two different sets of records with the same seq");
}

static void
test_of_another(void **state)
{
	struct trial *one = *state;
	struct fleet_trust trust = one->issuer.trust;

	one->expected.fleet[0] ^= 1;
	expect_refused(one, "of another fleet");
	one->expected.fleet[0] ^= 1;
	one->expected.trust = &trust;
	strcpy(trust.issuer, "web1");
	expect_refused(one, "issuer web1: this is of another issuer, hub");
	strcpy(trust.issuer, "hub");
	trust.key[31] ^= 1;
	expect_refused(one, "signed with a key that is not trusted");
	trust.key[31] ^= 1;
	trust.not_after = NOW - 1;
	expect_refused(one, "not trusted any more");
}

static void
test_times(void **state)
{
	struct trial *one = *state;

	one->expected.now = NOW - FLEET_CLOCK_SLACK;
	assert_ok(verify(one));
	one->expected.now--;
	expect_refused(one, "one of both clocks is wrong");
	one->expected.now = 1000;
	expect_refused(one, "this machine's clock is before 2020");
	one->expected.now = NOW;
	one->issuer.head.time = 1000;
	issuer_sign_head(&one->issuer);
	expect_refused(one, "its clock is before 2020");
	one->issuer.head.time = NOW;
	one->issuer.head.valid_until = NOW - 1;
	issuer_sign_head(&one->issuer);
	expect_refused(one, "valid_until is before its time");
	/* A head that is not valid any more still tells of revocations. */
	one->issuer.head.valid_until = NOW;
	issuer_sign_head(&one->issuer);
	one->expected.now = NOW + 365 * DAY;
	assert_ok(verify(one));
}

/* Records of one moment under the head of another: none passes. */
static void
test_generations_mixed(void **state)
{
	struct trial *one = *state;
	struct fleet_head old = one->issuer.head, fresh;
	struct fleet_record record;

	fleet_sample(&record, "text");
	record.token.state = RECORD_REVOKED;
	record.token.ended.at = NOW;
	issuer_put(&one->issuer, ID, &record);
	(void)issuer_sign(&one->issuer);
	fresh = one->issuer.head;
	assert_ok(verify(one));
	one->issuer.list.head = old;
	expect_refused(one, "the records are not those of its head");
	/* The new head, and the old record in place of the revoked one */
	one->issuer.list.head = fresh;
	fleet_sample(&record, "text");
	one->issuer.head = old;
	issuer_put(&one->issuer, ID, &record);
	one->issuer.list.items[0].len = one->issuer.records[0].len;
	expect_refused(one, "the records are not those of its head");
}

static void
test_counts(void **state)
{
	struct trial *one = *state;

	one->issuer.list.count--;
	expect_refused(one, "more or fewer records than its head says");
	one->issuer.list.count += 2;
	expect_refused(one, "more or fewer records than its head says");
	one->issuer.list.count--;
}

static void
test_order(void **state)
{
	struct trial *one = *state;
	struct fleet_item *items = one->issuer.list.items;
	struct fleet_item first = items[0];

	items[0] = items[1];
	expect_refused(one, "an id that is there twice, or out of order");
	items[1] = first;
	expect_refused(one, "an id that is there twice, or out of order");
	items[0] = first;
	strcpy(items[1].id, "zzzzzzzzz!");
	expect_refused(one, "a record whose id is none");
}

/* A record under another's id: the hash is of both. */
static void
test_swapped(void **state)
{
	struct trial *one = *state;
	struct fleet_item *items = one->issuer.list.items;
	struct fleet_item first = items[0];

	items[0].bytes = items[1].bytes;
	items[0].len = items[1].len;
	items[1].bytes = first.bytes;
	items[1].len = first.len;
	expect_refused(one, "the records are not those of its head");
}

static void
test_bad_records(void **state)
{
	struct trial *one = *state;
	struct fleet_item *item = &one->issuer.list.items[0];
	uint8_t *big = calloc(1, FLEET_RECORD_MAX + 1);

	assert_non_null(big);
	item->len--;
	assert_err(ERR_INVALID, verify(one));
	assert_says("issuer hub: record " ID ": not understood");
	memcpy(big, item->bytes, item->len);
	item->bytes = big;
	item->len = FLEET_RECORD_MAX + 1;
	assert_err(ERR_INVALID, verify(one));
	big[0] = 2;
	item->len = 10;
	assert_err(ERR_NEWER, verify(one));
	assert_says("upgrade this machine's pam_apitoken");
	free(big);
}

/* An issuer who may issue only, and one who may revoke only */
static void
test_rights(void **state)
{
	struct trial *one = *state;
	struct fleet_trust trust = one->issuer.trust;

	one->expected.trust = &trust;
	trust.may_revoke = false;
	expect_refused(one, "a revocation, but it may not revoke");
	trust.may_revoke = true;
	/* Its tokens count for nothing later, and its revocations do. */
	trust.may_issue = false;
	assert_ok(verify(one));
}

/* Any bit of any record: nothing of it can be changed on the way. */
static void
test_every_bit(void **state)
{
	struct trial *one = *state;
	struct fleet_item *items = one->issuer.list.items;

	for (size_t i = 0; i < one->issuer.list.count; i++) {
		uint8_t *bytes = one->issuer.records[i].bytes;

		for (size_t bit = 0; bit < 8 * items[i].len; bit++) {
			bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
			assert_int_not_equal(verify(one), ERR_OK);
			bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
	}
	assert_ok(verify(one));
}

#define VERIFY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VERIFY_TEST(test_good),
	    VERIFY_TEST(test_nothing_is_a_list),
	    VERIFY_TEST(test_older),
	    VERIFY_TEST(test_same_seq_other_set),
	    VERIFY_TEST(test_of_another),
	    VERIFY_TEST(test_times),
	    VERIFY_TEST(test_generations_mixed),
	    VERIFY_TEST(test_counts),
	    VERIFY_TEST(test_order),
	    VERIFY_TEST(test_swapped),
	    VERIFY_TEST(test_bad_records),
	    VERIFY_TEST(test_rights),
	    VERIFY_TEST(test_every_bit),
	};

	return unit_run(tests);
}
