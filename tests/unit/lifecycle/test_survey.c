/* sweep.h: whom a sweep is about, and how many it may take. */
#include "lifecycle/sweep.h"

#include <stdio.h>
#include <string.h>

#include "lib/broken.h"
#include "lib/swept.h"
#include "lib/unit.h"

/* A token that is not stored yet, of a name and uid. */
static struct record
make(const char *user, uid_t uid, bool local)
{
	struct record record;

	sample_record(&record, user, "");
	record.uid = uid;
	record.local = local;
	return record;
}

static void
test_the_survey(void **state)
{
	struct record dead = make("dead", 1, true), late = make("late", 2, 1);

	dead.state = RECORD_REVOKED;
	late.expires = NOW;
	assert_ok(sample_add(*state, &dead));
	assert_ok(sample_add(*state, &late));
	swept_add(*state, "alice", 1000, true);
	swept_add(*state, "alice", 1000, true);
	swept_add(*state, "alice", 1001, true);
	swept_add(*state, "bob", 1001, true);
	swept_add(*state, "bob", 1001, false);
	swept_add(*state, "bob", 1001, true);
	swept_survey(*state);
	assert_int_equal(swept.users, 4);
	assert_int_equal(swept.damaged, 0);
	assert_int_equal(swept_count(), 3);
	assert_int_equal(swept_owner("alice", 1000)->tokens, 2);
	assert_int_equal(swept_owner("alice", 1001)->tokens, 1);
	assert_true(swept_owner("alice", 1000)->local);
	/* one token that was issued elsewhere, and nothing is certain */
	assert_false(swept_owner("bob", 1001)->local);
}

/* Whether it can log in or not, the one before it may have to go. */
static void
test_successors(void **state)
{
	struct record first = make("alice", 1000, true);
	struct record second = make("bob", 1001, true);

	swept_add(*state, "alice", 1000, true);
	swept_survey(*state);
	assert_null(swept.successors);
	sweep_free(&swept);
	strcpy(first.predecessor, "0123456789");
	assert_ok(sample_add(*state, &first));
	second.state = RECORD_REVOKED;
	strcpy(second.predecessor, "0123456780");
	assert_ok(sample_add(*state, &second));
	swept_survey(*state);
	assert_non_null(swept.successors);
	assert_non_null(swept.successors->next);
	assert_null(swept.successors->next->next);
	assert_string_equal(swept.successors->id, second.id);
	assert_string_equal(swept.successors->next->id, first.id);
}

static void
test_the_survey_of_one_user(void **state)
{
	struct scratch *scratch = *state;

	swept_add(scratch, "alice", 1000, true);
	swept_add(scratch, "bob", 1001, true);
	assert_ok(sweep_survey(&swept, &scratch->config, "bob", NOW, &why));
	assert_int_equal(swept_count(), 1);
	assert_int_equal(swept_owner("bob", 1001)->tokens, 1);
	sweep_free(&swept);
	assert_ok(sweep_survey(&swept, &scratch->config, "eve", NOW, &why));
	assert_null(swept.owners);
}

/* More than is read while the store is open once. */
static void
test_a_survey_in_slices(void **state)
{
	struct store *store;

	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	for (unsigned i = 0; i < 700; i++) {
		char name[16];
		struct record record;

		(void)snprintf(name, sizeof(name), "u%u", i % 650);
		record = make(name, i % 650 + 1, true);
		assert_ok(store_add(store, &record, &why));
	}
	assert_ok(store_commit(store, &why));
	store_close(store);
	swept_survey(*state);
	assert_int_equal(swept.users, 650);
	assert_int_equal(swept_count(), 650);
	assert_int_equal(swept_owner("u49", 50)->tokens, 2);
	assert_int_equal(swept_owner("u50", 51)->tokens, 1);
}

static void
test_a_survey_of_damage(void **state)
{
	char key[TOKEN_ID_LEN + 2] = {CRYPTO_NAME_TOKEN};
	struct record record = make("alice", 1000, true);
	struct broken broken;

	assert_ok(sample_add(*state, &record));
	swept_add(*state, "alice", 1000, true);
	swept_add(*state, "bob", 1001, true);
	swept_add(*state, "carol", 1002, true);
	broken_open(&broken, *state);
	strcpy(key + 1, record.id);
	broken_put(&broken, key, "no record");
	broken_put(&broken, "ubob", "no index");
	broken_close(&broken);
	swept_survey(*state);
	assert_int_equal(swept.damaged, 2);
	assert_int_equal(swept.users, 3);
	assert_int_equal(swept_count(), 2);
	assert_int_equal(swept_owner("alice", 1000)->tokens, 1);
	swept_files(
	    ROOT ALICE LINE("carol", "1002"), "alice" EXPIRED "carol" EXPIRED);
	swept_look(*state);
	assert_int_equal(swept_owner("alice", 1000)->found, SWEEP_DISABLED);
	assert_int_equal(swept_owner("carol", 1002)->found, SWEEP_DISABLED);
}

/* The share: owners, and how many of them may be lost. */
static const struct {
	unsigned owners, most;
} SHARES[] = {
    {1, 1},
    {2, 1},
    {9, 1},
    {10, 1},
    {11, 1},
    {19, 1},
    {20, 2},
    {21, 2},
    {29, 2},
    {30, 3},
};

/* This many owners, of whom some are disabled, and some gone. */
static void
write_share(unsigned owners, unsigned disabled, unsigned gone)
{
	static char passwd[4096], shadow[4096];
	int len = sprintf(passwd, ROOT), end = 0;

	for (unsigned i = 0; i < owners; i++) {
		if (i >= owners - gone)
			continue;
		len += sprintf(passwd + len, "u%u:x:%u:1:::\n", i, i + 1);
		end += sprintf(
		    shadow + end, "u%u:%s" DAYS, i, i < disabled ? "!h" : "h");
	}
	swept_files(passwd, shadow);
}

static void
test_shares(void **state)
{
	const struct config *config = &((struct scratch *)*state)->config;
	unsigned made = 0;

	for (size_t i = 0; i < COUNT_OF(SHARES); i++) {
		unsigned owners = SHARES[i].owners;
		char name[16];

		for (; made < owners; made++) {
			(void)snprintf(name, sizeof(name), "u%u", made);
			swept_add(*state, name, made + 1, true);
		}
		swept_survey(*state);
		for (unsigned lost = 0; lost <= owners; lost++) {
			bool unlikely = lost > SHARES[i].most;

			(void)snprintf(
			    name, sizeof(name), "%u of %u", lost, owners);
			write_share(owners, lost, 0);
			swept_look(*state);
			assert_row(name, sweep_count(&swept) == lost);
			assert_row(name, sweep_is_unlikely(&swept) == unlikely);
			write_share(owners, 0, lost);
			assert_ok(sweep_read_files(&swept, config, NOW, &why));
			/* pending owners might be gone */
			assert_row(name, sweep_is_unlikely(&swept) == unlikely);
			sweep_ask(&swept, config, false, NOW);
			assert_row(name, sweep_is_unlikely(&swept) == unlikely);
			write_share(owners, lost / 2, lost - lost / 2);
			swept_look(*state);
			assert_row(name, sweep_is_unlikely(&swept) == unlikely);
		}
	}
}

/*
 * Dead owners count as owners; those of a directory are not given up unasked.
 */
static void
test_who_counts(void **state)
{
	struct record record;
	char name[16];

	for (unsigned i = 0; i < 18; i++) {
		(void)snprintf(name, sizeof(name), "dead%u", i);
		record = make(name, 9, true);
		record.state = RECORD_REVOKED;
		assert_ok(sample_add(*state, &record));
	}
	swept_add(*state, "alice", 1000, true);
	swept_add(*state, "bob", 1001, true);
	swept_survey(*state);
	swept_files(ROOT, "");
	swept_look(*state);
	assert_int_equal(sweep_count(&swept), 2);
	assert_false(sweep_is_unlikely(&swept));
	swept_add(*state, "carol", 1002, false);
	swept_survey(*state);
	assert_ok(sweep_read_files(
	    &swept, &((struct scratch *)*state)->config, NOW, &why));
	assert_int_equal(swept_owner("carol", 1002)->found, SWEEP_PENDING);
	assert_false(sweep_is_unlikely(&swept));
}

#define SWEEP_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, swept_setup, swept_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SWEEP_TEST(test_the_survey),
	    SWEEP_TEST(test_successors),
	    SWEEP_TEST(test_the_survey_of_one_user),
	    SWEEP_TEST(test_a_survey_in_slices),
	    SWEEP_TEST(test_a_survey_of_damage),
	    SWEEP_TEST(test_shares),
	    SWEEP_TEST(test_who_counts),
	};

	return unit_run(tests);
}
