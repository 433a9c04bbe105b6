/* sweep.h: who is found disabled, gone, or changed; and who is not. */
#include "lifecycle/sweep.h"

#include <errno.h>
#include <string.h>

#include "lib/swept.h"
#include "lib/unit.h"

/*
 * For alice, uid 1000: what the machine says, and what is found, the first time
 * and if it is still so later.
 */
static const struct identity {
	const char *what, *passwd, *directory, *reason;
	enum sweep_found found;
	bool local; /* from the record */
} IDENTITIES[] = {
    {"as she was", ROOT ALICE, "", "account-enabled", SWEEP_FINE, true},
    {"of a directory", ROOT, ALICE, "account-enabled", SWEEP_FINE, false},
    {"moved to a directory", ROOT, ALICE, "account-enabled", SWEEP_MOVED, true},
    {"and back", ROOT ALICE, "", "account-enabled", SWEEP_MOVED, false},
    {"in both", ROOT ALICE, ALICE, "account-enabled", SWEEP_FINE, true},
    {"gone", ROOT, "", "account-absent", SWEEP_ABSENT, true},
    {"renamed", ROOT LINE("alicia", "1000"), "", "account-absent", SWEEP_ABSENT,
	true},
    {"gone, never local", ROOT, "", "account-not-found", SWEEP_UNKNOWN, false},
    {"two names for one uid", ROOT LINE("al", "1000") ALICE, "",
	"account-enabled", SWEEP_FINE, true},
    {"only the other name is left", ROOT LINE("al", "1000"), "",
	"account-absent", SWEEP_ABSENT, true},
    {"another uid", ROOT LINE("alice", "1001"), "", "account-other-uid",
	SWEEP_OTHER_UID, true},
    {"another uid, elsewhere", ROOT, LINE("alice", "1001"), "account-other-uid",
	SWEEP_OTHER_UID, true},
    {"another uid, never local", ROOT, LINE("alice", "1001"),
	"account-other-uid", SWEEP_OTHER_UID, false},
    {"uid -1", ROOT LINE("alice", "4294967295"), "", "account-lookup-failed",
	SWEEP_UNKNOWN, true},
    {"uid -1 elsewhere", ROOT, LINE("alice", "4294967295"),
	"account-lookup-failed", SWEEP_UNKNOWN, true},
    {"in another case", ROOT, LINE("Alice", "1000"),
	"account-under-another-name", SWEEP_UNKNOWN, true},
    {"in another case and uid", ROOT, LINE("Alice", "7"),
	"account-under-another-name", SWEEP_UNKNOWN, true},
    /* files that prove nothing */
    {"no passwd", "", "", "account-not-found", SWEEP_UNKNOWN, true},
    {"no root", "bin:x:1:1:::\n", "", "account-not-found", SWEEP_UNKNOWN, true},
    {"half a line", ROOT "alic", "", "account-not-found", SWEEP_UNKNOWN, true},
    {"no newline at its end", ROOT "bob:x:1:1:::", "", "account-not-found",
	SWEEP_UNKNOWN, true},
    {"half a passwd, and a directory", ROOT "alic", ALICE, "account-enabled",
	SWEEP_FINE, true},
    {"and one who is another", ROOT "alic", LINE("alice", "1001"),
	"account-entry-damaged", SWEEP_UNKNOWN, true},
    {"doubled", ROOT ALICE ALICE, "", "account-enabled", SWEEP_FINE, true},
    {"doubled, another first", ROOT LINE("alice", "1001") ALICE, "",
	"account-entry-damaged", SWEEP_UNKNOWN, true},
    {"another, cut", ROOT "alice:x:1001:1001:::", "", "account-entry-damaged",
	SWEEP_UNKNOWN, true},
    {"another, in a damaged file", ROOT LINE("alice", "1001") "x\n", "",
	"account-entry-damaged", SWEEP_UNKNOWN, true},
};

static bool
is_gone(enum sweep_found found)
{
	return found == SWEEP_DISABLED || found == SWEEP_ABSENT ||
	    found == SWEEP_OTHER_UID;
}

static void
expect(const struct identity *row, const struct sweep_owner *one)
{
	assert_row(row->what, one->found == row->found);
	assert_row(row->what, strcmp(sweep_reason(one), row->reason) == 0);
	assert_row(row->what, sweep_is_gone(one) == is_gone(row->found));
}

static void
test_identities(void **state)
{
	for (size_t i = 0; i < COUNT_OF(IDENTITIES); i++) {
		const struct identity *row = &IDENTITIES[i];
		bool is_suspect = row->found == SWEEP_ABSENT ||
		    row->found == SWEEP_OTHER_UID;
		struct sweep_owner *one;
		void *own;

		assert_int_equal(scratch_setup_store(&own), 0);
		swept_add(own, "alice", 1000, row->local);
		world_set(row->passwd,
		    strstr(row->passwd, "alice:") ? "alice:!" DAYS : "");
		world.directory = row->directory;
		swept_survey(own);
		swept_look(own);
		one = swept_owner("alice", 1000);
		expect(row, one);
		assert_int_equal(one->seen, NOW);
		assert_row(row->what, one->is_suspect == is_suspect);
		assert_row(
		    row->what, sweep_has_suspects(&swept) == one->is_suspect);
		if (row->found == SWEEP_MOVED)
			assert_row(
			    row->what, one->account->local == !row->local);
		swept_look_again(own);
		expect(row, one);
		assert_false(one->is_suspect || sweep_has_suspects(&swept));
		assert_int_equal(one->seen, is_suspect ? NOW + 3 : NOW);
		assert_int_equal(scratch_teardown(&own), 0);
	}
	(void)state;
}

/* The services fail: nothing is known of anybody. */
static void
test_outages(void **state)
{
	static const int ERRORS[] = {EAGAIN, ENOENT, EIO, EMFILE, ENOMEM};

	swept_add(*state, "alice", 1000, true);
	swept_add(*state, "bob", 1001, false);
	swept_survey(*state);
	swept_files(ROOT, "");
	for (size_t i = 0; i < COUNT_OF(ERRORS); i++) {
		world.passwd_error = ERRORS[i];
		swept_look(*state);
		assert_int_equal(
		    swept_owner("alice", 1000)->found, SWEEP_UNKNOWN);
		assert_int_equal(
		    swept_owner("bob", 1001)->found, SWEEP_UNKNOWN);
	}
	world.passwd_error = 0;
	world.passwd.read_error = EIO;
	assert_err(ERR_SYSTEM,
	    sweep_read_files(
		&swept, &((struct scratch *)*state)->config, NOW, &why));
	assert_false(sweep_is_gone(swept_owner("alice", 1000)));
	assert_false(sweep_is_gone(swept_owner("bob", 1001)));
}

/* The second look at those who were gone in the first. */
static const struct {
	const char *what, *passwd, *shadow;
	int passwd_error, read_error;
	enum sweep_found found;
} SECOND_LOOKS[] = {
    {"still gone", ROOT, "", 0, 0, SWEEP_ABSENT},
    {"back again", ROOT ALICE, "alice:!" DAYS, 0, 0, SWEEP_FINE},
    {"back as another", ROOT LINE("alice", "7"), "alice:!" DAYS, 0, 0,
	SWEEP_OTHER_UID},
    {"back and disabled", ROOT ALICE, "alice" EXPIRED, 0, 0, SWEEP_DISABLED},
    {"back without shadow", ROOT ALICE, "", 0, 0, SWEEP_UNKNOWN},
    {"now an outage", ROOT, "", EMFILE, 0, SWEEP_UNKNOWN},
    {"now half a file", ROOT "ali", "", 0, 0, SWEEP_UNKNOWN},
    {"now no file", ROOT ALICE, "", 0, EIO, SWEEP_PENDING},
};

static void
test_the_second_look(void **state)
{
	struct scratch *scratch = *state;

	swept_add(scratch, "alice", 1000, true);
	swept_add(scratch, "bob", 1001, true);
	for (size_t i = 0; i < COUNT_OF(SECOND_LOOKS); i++) {
		const char *what = SECOND_LOOKS[i].what;
		bool fails = SECOND_LOOKS[i].read_error != 0;

		world_set(ROOT LINE("bob", "1001"), "bob" EXPIRED);
		swept_survey(scratch);
		swept_look(scratch);
		assert_row(what, swept_owner("alice", 1000)->is_suspect);
		swept_files(SECOND_LOOKS[i].passwd, SECOND_LOOKS[i].shadow);
		world.passwd_error = SECOND_LOOKS[i].passwd_error;
		world.passwd.read_error = SECOND_LOOKS[i].read_error;
		assert_row(what,
		    sweep_look_again(&swept, &scratch->config, NOW + 3, &why) ==
			(fails ? ERR_SYSTEM : ERR_OK));
		assert_row(what,
		    swept_owner("alice", 1000)->found == SECOND_LOOKS[i].found);
		assert_row(what,
		    sweep_is_gone(swept_owner("alice", 1000)) ==
			is_gone(SECOND_LOOKS[i].found));
		/* owners who were not suspected are not looked at again */
		assert_row(
		    what, swept_owner("bob", 1001)->found == SWEEP_DISABLED);
	}
}

/* Two who had the same name, one after the other. */
static void
test_two_uids_under_one_name(void **state)
{
	swept_add(*state, "alice", 1000, true);
	swept_add(*state, "alice", 1001, false);
	swept_add(*state, "alice", 1000, true);
	swept_survey(*state);
	assert_int_equal(swept.users, 1);
	swept_look(*state);
	assert_int_equal(swept_owner("alice", 1000)->found, SWEEP_FINE);
	assert_int_equal(swept_owner("alice", 1001)->found, SWEEP_OTHER_UID);
	assert_int_equal(sweep_count(&swept), 1);
	swept_look_again(*state);
	assert_int_equal(swept_owner("alice", 1000)->found, SWEEP_FINE);
	assert_int_equal(swept_owner("alice", 1001)->found, SWEEP_OTHER_UID);
	swept_files(ROOT ALICE, "alice" EXPIRED);
	swept_look(*state);
	assert_int_equal(swept_owner("alice", 1000)->found, SWEEP_DISABLED);
	assert_int_equal(swept_owner("alice", 1001)->found, SWEEP_OTHER_UID);
	assert_int_equal(sweep_count(&swept), 1); /* of users, not owners */
	assert_false(sweep_is_unlikely(&swept));
	swept_files(ROOT, "");
	swept_look(*state);
	assert_int_equal(swept_owner("alice", 1000)->found, SWEEP_ABSENT);
	assert_int_equal(swept_owner("alice", 1001)->found, SWEEP_UNKNOWN);
}

/* watch, when files change: users who never were in them are not looked up. */
static void
test_local_only(void **state)
{
	const struct config *config = &((struct scratch *)*state)->config;

	swept_add(*state, "alice", 1000, true);
	swept_add(*state, "bob", 1001, false);
	swept_add(*state, "carol", 1002, false);
	world.directory = LINE("bob", "1001") LINE("carol", "1002");
	world.directory_shadow = "bob" EXPIRED "carol" EXPIRED;
	swept_survey(*state);
	assert_ok(sweep_read_files(&swept, config, NOW, &why));
	sweep_ask(&swept, config, true, NOW);
	assert_int_equal(world.asked, 0);
	assert_int_equal(swept_owner("alice", 1000)->found, SWEEP_FINE);
	assert_int_equal(swept_owner("bob", 1001)->found, SWEEP_PENDING);
	assert_int_equal(sweep_count(&swept), 0);
	/* alice was local, bob is now, but the files do not settle it */
	swept_files(ROOT LINE("bob", "1001"), "");
	assert_ok(sweep_read_files(&swept, config, NOW, &why));
	sweep_ask(&swept, config, true, NOW);
	assert_int_equal(world.asked, 2);
	assert_int_equal(swept_owner("alice", 1000)->found, SWEEP_ABSENT);
	assert_int_equal(swept_owner("bob", 1001)->found, SWEEP_UNKNOWN);
	assert_int_equal(swept_owner("carol", 1002)->found, SWEEP_PENDING);
	swept_look_again(*state);
	assert_int_equal(world.asked, 3);
	sweep_ask(&swept, config, false, NOW);
	assert_int_equal(swept_owner("carol", 1002)->found, SWEEP_PENDING);
	swept_look(*state);
	assert_int_equal(swept_owner("carol", 1002)->found, SWEEP_DISABLED);
}

/* For alice, of tokens that others issue: by the uid they know, or none. */
static const struct claim {
	const char *what, *passwd, *shadow, *directory;
	enum sweep_found found[3]; /* by enum sweep_tie; the bound one local */
	uid_t uid;                 /* by name */
} CLAIMS[] = {
    {"as she was", ROOT ALICE, "alice:!" DAYS, "",
	{SWEEP_FINE, SWEEP_FINE, SWEEP_FINE}, 1000},
    {"locked", ROOT ALICE, "alice:!x" DAYS, "",
	{SWEEP_DISABLED, SWEEP_DISABLED, SWEEP_DISABLED}, 1000},
    {"in a directory", ROOT, "", ALICE, {SWEEP_MOVED, SWEEP_FINE, SWEEP_FINE},
	1000},
    {"not here", ROOT, "", "", {SWEEP_ABSENT, SWEEP_FINE, SWEEP_FINE},
	(uid_t)-1},
    {"another uid", ROOT LINE("alice", "1001"), "alice:!" DAYS, "",
	{SWEEP_OTHER_UID, SWEEP_FINE, SWEEP_FINE}, 1001},
    {"another uid, locked", ROOT LINE("alice", "1001"), "alice:!x" DAYS, "",
	{SWEEP_OTHER_UID, SWEEP_FINE, SWEEP_DISABLED}, 1001},
    {"half a passwd", ROOT "alic", "", "",
	{SWEEP_UNKNOWN, SWEEP_UNKNOWN, SWEEP_UNKNOWN}, (uid_t)-1},
};

/* An account that was never here is not gone. */
static void
test_claims(void **state)
{
	const struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT_OF(CLAIMS); i++) {
		const struct claim *row = &CLAIMS[i];
		struct sweep_owner **end = &swept.owners, *one;

		sweep_start(&swept);
		for (unsigned tie = 0; tie < COUNT_OF(row->found); tie++) {
			one = sweep_add(&swept, &end, "alice",
			    tie == SWEEP_BY_NAME ? (uid_t)-1 : 1000);
			assert_non_null(one);
			one->tie = (enum sweep_tie)tie;
			one->local = tie == SWEEP_BOUND;
		}
		swept_files(row->passwd, row->shadow);
		world.directory = row->directory;
		swept_look(scratch);
		for (one = swept.owners; one != NULL; one = one->next)
			assert_row(
			    row->what, one->found == row->found[one->tie]);
		assert_row(row->what,
		    swept_owner("alice", row->uid)->tie == SWEEP_BY_NAME ||
			row->uid == 1000);
		swept_look_again(scratch);
		for (one = swept.owners; one != NULL; one = one->next)
			assert_row(
			    row->what, one->found == row->found[one->tie]);
		sweep_free(&swept);
		swept = (struct sweep){0};
	}
}

#define SWEEP_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, swept_setup, swept_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SWEEP_TEST(test_identities),
	    SWEEP_TEST(test_outages),
	    SWEEP_TEST(test_the_second_look),
	    SWEEP_TEST(test_two_uids_under_one_name),
	    SWEEP_TEST(test_local_only),
	    SWEEP_TEST(test_claims),
	};

	return unit_run(tests);
}
