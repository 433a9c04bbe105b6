/*
 * passwd and shadow, truncated at every byte and with every byte overwritten:
 * no owner is found deleted or disabled unless the undamaged files say so. The
 * name services read the same files, as libc does.
 */
#include <stdio.h>
#include <string.h>

#include "base/deadline.h"
#include "lib/swept.h"
#include "lib/unit.h"
#include "lifecycle/owner_tokens.h"

#define HASH "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC."

/*
 * With names that are prefixes or suffixes of others, numbers whose prefix
 * would expire an account, and lines that are no users.
 */
static const char PASSWD_TEXT[] =
    "root:x:0:0:root:/root:/bin/bash\n"
    "daemon:*:1:1::/usr/sbin:/usr/sbin/nologin\n"
    "#bin:x:2:2:a comment:/bin:/usr/sbin/nologin\n"
    "sys:x:3:3::/dev:/usr/sbin/nologin\n"
    "xalice:x:2001:2001::/home/xalice:/bin/bash\n"
    "alice:x:1001:1001:Alice,,,:/home/alice:/bin/bash\n"
    "alice2:x:2002:2002::/home/alice2:/bin/bash\n"
    "bob:x:1002:1002::/home/bob:/bin/sh\n"
    "carol:x:1003:1003:::\n"
    "dave:" HASH ":1004:1004::/home/dave:/bin/sh\n"
    "xcarol:x:2003:2003::/home/xcarol:/bin/bash\n"
    "xerin:x:2004:2004::/home/xerin:/bin/bash\n"
    "frank:x:1006:1006::/home/frank:/bin/sh\n"
    "heidi:x:1007:1007::/home/heidi:/usr/sbin/nologin\n";

static const char SHADOW_TEXT[] = "root:" HASH ":20000:0:99999:7:::\n"
				  "daemon:*:20000:0:99999:7:::\n"
				  "xalice:!" HASH ":20000:0:99999:7:::\n"
				  "alice:" HASH ":20000:0:99999:7:::\n"
				  "alice2:" HASH ":20000:0:99999:7::1:\n"
				  "bob:!:20000:0:99999:7::25000:\n"
				  "xcarol:!" HASH ":20000:0:10:7:5:1:0\n"
				  "carol:" HASH ":20000:0:900:7:30::\n"
				  "xerin:!" HASH ":1:1:1:1:1:1:1\n"
				  "frank:!" HASH ":20000:0:99999:7:::\n"
				  "heidi:*:20000:0:99999:7:::\n";

/* Only the directory has them, and their state never changes. */
static const char DIRECTORY[] = "erin:x:5005:5005:::\n"
				"lice:x:5006:5006:::\n"
				"alic:x:5007:5007:::\n"
				/* namesakes, after those in the files */
				"bob:x:7002:7002:::\n"
				"carol:x:1003:1003:::\n";
static const char DIRECTORY_SHADOW[] = "carol:" HASH ":20000:0:99999:7::1:\n";

static const struct {
	const char *user;
	uid_t uid;
	bool local;
	enum sweep_found found; /* in the undamaged files */
} OWNERS[] = {
    {"alice", 1001, true, SWEEP_FINE},
    {"bob", 1002, true, SWEEP_FINE},
    {"carol", 1003, true, SWEEP_FINE},
    {"dave", 1004, true, SWEEP_FINE},
    {"erin", 5005, false, SWEEP_FINE},
    {"lice", 5006, false, SWEEP_FINE},
    {"alic", 5007, false, SWEEP_FINE},
    {"heidi", 1007, true, SWEEP_FINE},
    {"frank", 1006, true, SWEEP_DISABLED},
    {"xalice", 2001, true, SWEEP_DISABLED},
};

static int
setup(void **state)
{
	if (swept_setup(state) != 0)
		return -1;
	swept_files(PASSWD_TEXT, SHADOW_TEXT);
	world.directory = DIRECTORY;
	world.directory_shadow = DIRECTORY_SHADOW;
	for (size_t i = 0; i < COUNT_OF(OWNERS); i++) {
		swept_add(
		    *state, OWNERS[i].user, OWNERS[i].uid, OWNERS[i].local);
	}
	swept_survey(*state);
	return 0;
}

static enum sweep_found
expected(const struct sweep_owner *owner)
{
	for (size_t i = 0; i < COUNT_OF(OWNERS); i++)
		if (strcmp(OWNERS[i].user, owner->user) == 0)
			return OWNERS[i].found;
	fail();
	return SWEEP_PENDING;
}

/* How a file was damaged, and for whom it makes a difference. */
static char damage[128];

/*
 * Nothing shows that a file has lost whole lines: that is what the second look
 * is for. The damage alone may change nothing.
 */
static void
expect_nobody_lost(const struct scratch *scratch, bool lines_are_lost)
{
	struct sweep_owner *one;
	bool suspects = false;

	swept_look(scratch);
	for (one = swept.owners; one != NULL; one = one->next) {
		bool is_lost = sweep_is_gone(one) &&
		    expected(one) != SWEEP_DISABLED;

		if (is_lost)
			(void)snprintf(damage + strlen(damage),
			    sizeof(damage) - strlen(damage), ": %s %s",
			    one->user, sweep_reason(one));
		assert_row(
		    damage, !is_lost || (lines_are_lost && one->is_suspect));
		suspects = suspects || is_lost;
	}
	if (!suspects)
		return;
	world_set_file(&world.passwd, PASSWD_TEXT, strlen(PASSWD_TEXT));
	swept_look_again(scratch);
	for (one = swept.owners; one != NULL; one = one->next)
		assert_row(damage,
		    !sweep_is_gone(one) || expected(one) == SWEEP_DISABLED);
}

static void
test_the_whole_files(void **state)
{
	struct sweep_owner *one;
	size_t count = 0;

	swept_look(*state);
	for (one = swept.owners; one != NULL; one = one->next, count++)
		assert_row(one->user, one->found == expected(one));
	assert_int_equal(count, COUNT_OF(OWNERS));
}

static void
test_files_cut(void **state)
{
	for (size_t len = 0; len < strlen(PASSWD_TEXT); len++) {
		(void)snprintf(damage, sizeof(damage), "passwd at %zu", len);
		world_set_file(&world.passwd, PASSWD_TEXT, len);
		expect_nobody_lost(
		    *state, len > 0 && PASSWD_TEXT[len - 1] == '\n');
	}
	world_set_file(&world.passwd, PASSWD_TEXT, strlen(PASSWD_TEXT));
	for (size_t len = 0; len < strlen(SHADOW_TEXT); len++) {
		(void)snprintf(damage, sizeof(damage), "shadow at %zu", len);
		world_set_file(&world.shadow, SHADOW_TEXT, len);
		expect_nobody_lost(*state, false);
	}
}

static const char BYTES[] = {'\0', ':', '\n'};

static void
overwrite_all(
    const struct scratch *scratch, struct world_file *file, const char *whole)
{
	static char text[sizeof(PASSWD_TEXT) + sizeof(SHADOW_TEXT)];
	size_t len = strlen(whole);

	for (size_t i = 0; i < COUNT_OF(BYTES) * len; i++) {
		size_t at = i / COUNT_OF(BYTES);

		memcpy(text, whole, len);
		text[at] = BYTES[i % COUNT_OF(BYTES)];
		(void)snprintf(damage, sizeof(damage), "%s at %zu: 0x%02x",
		    whole == PASSWD_TEXT ? "passwd" : "shadow", at,
		    (unsigned)text[at]);
		world_set_file(file, text, len);
		expect_nobody_lost(scratch, false);
	}
	world_set_file(file, whole, len);
}

static void
test_files_overwritten(void **state)
{
	overwrite_all(*state, &world.passwd, PASSWD_TEXT);
	overwrite_all(*state, &world.shadow, SHADOW_TEXT);
}

/* A login of each owner, with the same files. */
static void
expect_no_deactivation(const struct scratch *scratch)
{
	for (size_t i = 0; i < COUNT_OF(OWNERS); i++) {
		struct token_owner owned = {OWNERS[i].user, OWNERS[i].uid};
		char reason[RECORD_REASON_MAX + 1];
		size_t count;

		if (OWNERS[i].found == SWEEP_DISABLED)
			continue;
		assert_row(damage,
		    owner_tokens_deactivate_disabled(&scratch->config, &owned,
			NOW, deadline_in(0), &count, reason, &why) == ERR_OK);
		assert_row(damage, count == 0);
	}
}

static void
test_logins(void **state)
{
	static char text[sizeof(PASSWD_TEXT) + sizeof(SHADOW_TEXT)];
	struct world_file *const FILES[] = {&world.passwd, &world.shadow};
	const char *const WHOLE[] = {PASSWD_TEXT, SHADOW_TEXT};

	for (size_t file = 0; file < COUNT_OF(FILES); file++) {
		size_t len = strlen(WHOLE[file]);

		for (size_t at = 0; at < len; at++) {
			(void)snprintf(damage, sizeof(damage),
			    "file %zu at %zu", file, at);
			world_set_file(FILES[file], WHOLE[file], at);
			expect_no_deactivation(*state);
			strcpy(text, WHOLE[file]);
			text[at] = '\n';
			world_set_file(FILES[file], text, len);
			expect_no_deactivation(*state);
		}
		world_set_file(FILES[file], WHOLE[file], len);
	}
}

#define TORN_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, setup, swept_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TORN_TEST(test_the_whole_files),
	    TORN_TEST(test_files_cut),
	    TORN_TEST(test_files_overwritten),
	    TORN_TEST(test_logins),
	};

	return unit_run(tests);
}
