/* account.h: who is a member of a group. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account/account.h"
#include "lib/unit.h"

/* The answers of the fakes below, which replace libc by --wrap. */
static struct {
	bool fake;
	int group_error, passwd_error;
	bool has_group, has_passwd;
	size_t needed; /* bytes; with less the answer is ERANGE */
	gid_t gid, first;
	gid_t others[4];
	int other_count; /* -1: getgrouplist fails */
} world;

int __real_getgrnam_r(
    const char *, struct group *, char *, size_t, struct group **);
int __wrap_getgrnam_r(
    const char *, struct group *, char *, size_t, struct group **);
int __real_getpwnam_r(
    const char *, struct passwd *, char *, size_t, struct passwd **);
int __wrap_getpwnam_r(
    const char *, struct passwd *, char *, size_t, struct passwd **);
int __real_getgrouplist(const char *, gid_t, gid_t *, int *);
int __wrap_getgrouplist(const char *, gid_t, gid_t *, int *);

int
__wrap_getgrnam_r(const char *name, struct group *entry, char *buf, size_t size,
    struct group **found)
{
	if (!world.fake)
		return __real_getgrnam_r(name, entry, buf, size, found);
	*found = NULL;
	if (world.group_error != 0 || !world.has_group)
		return world.group_error;
	if (size < world.needed)
		return ERANGE;
	*entry = (struct group){.gr_gid = world.gid};
	*found = entry;
	return 0;
}

int
__wrap_getpwnam_r(const char *name, struct passwd *entry, char *buf,
    size_t size, struct passwd **found)
{
	if (!world.fake)
		return __real_getpwnam_r(name, entry, buf, size, found);
	*found = NULL;
	if (world.passwd_error != 0 || !world.has_passwd)
		return world.passwd_error;
	if (size < world.needed)
		return ERANGE;
	*entry = (struct passwd){.pw_gid = world.first};
	*found = entry;
	return 0;
}

/* As libc's: includes the primary group; -1 if there is no room. */
int
__wrap_getgrouplist(const char *user, gid_t first, gid_t *gids, int *count)
{
	int room = *count;

	if (!world.fake)
		return __real_getgrouplist(user, first, gids, count);
	if (world.other_count < 0)
		return -1;
	*count = 1 + world.other_count;
	if (room < *count)
		return -1;
	gids[0] = first;
	memcpy(
	    gids + 1, world.others, (size_t)world.other_count * sizeof(*gids));
	return *count;
}

/* A user in groups 100, 200 and 300; the group in question is 200. */
static int
setup(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.fake = world.has_group = world.has_passwd = true;
	world.gid = 200;
	world.first = 100;
	world.others[0] = 200;
	world.others[1] = 300;
	world.other_count = 2;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	return 0;
}

static void
expect(enum err expected, bool is_member)
{
	bool got = true; /* must be set in any case */

	assert_err(expected, account_in_group("alice", "staff", &got));
	assert_int_equal(got, is_member);
}

static void
test_members(void **state)
{
	(void)state;
	expect(ERR_OK, true);
	world.gid = 100; /* the user's primary group */
	expect(ERR_OK, true);
	world.gid = 300;
	expect(ERR_OK, true);
	world.gid = 301;
	expect(ERR_OK, false);
	world.gid = 0;
	expect(ERR_OK, false);
	world.other_count = 0;
	world.gid = 200;
	expect(ERR_OK, false);
}

static void
test_nobody_is_in_a_group_that_does_not_exist(void **state)
{
	(void)state;
	world.has_group = false;
	expect(ERR_NOT_FOUND, false);
}

static void
test_nobody_is_no_member(void **state)
{
	(void)state;
	world.has_passwd = false;
	expect(ERR_OK, false);
}

static void
test_failures_are_told(void **state)
{
	static const int ERRORS[] = {EIO, EMFILE, ENOMEM, EINTR};

	for (size_t i = 0; i < COUNT_OF(ERRORS); i++) {
		(void)setup(state);
		world.group_error = ERRORS[i];
		expect(ERR_SYSTEM, false);
		(void)setup(state);
		world.passwd_error = ERRORS[i];
		expect(ERR_SYSTEM, false);
	}
	(void)setup(state);
	world.other_count = -1;
	expect(ERR_SYSTEM, false);
}

static void
test_large_entries_are_read(void **state)
{
	(void)state;
	world.needed = 500000; /* a group of a whole university */
	expect(ERR_OK, true);
	world.needed = 1 << 30; /* absurd, but no reason to continue */
	expect(ERR_SYSTEM, false);
}

/* The real machine. */
static void
test_root_is_in_its_own_group(void **state)
{
	bool is_member = false;

	(void)state;
	assert_ok(account_in_group("root", "root", &is_member));
	assert_true(is_member);
	assert_err(ERR_NOT_FOUND,
	    account_in_group("root", "no such group", &is_member));
	assert_false(is_member);
	assert_ok(account_in_group("no such user", "root", &is_member));
	assert_false(is_member);
	assert_err(ERR_NOT_FOUND, account_in_group("root", "", &is_member));
	assert_false(is_member);
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_members),
	    WORLD_TEST(test_nobody_is_in_a_group_that_does_not_exist),
	    WORLD_TEST(test_nobody_is_no_member),
	    WORLD_TEST(test_failures_are_told),
	    WORLD_TEST(test_large_entries_are_read),
	    cmocka_unit_test(test_root_is_in_its_own_group),
	};

	return unit_run(tests);
}
