/* The files that say whom this host believes. */
#include "fleet/fleet_trust.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define KEY "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define WITHOUT_KEY                                                            \
	"may = issue, revoke\nusers = alice, bob\nservices = @mail, sshd\n"    \
	"not_after = 2027-01-15T08:00:00Z\n"
#define GOOD "[issuer]\nkey = " KEY "\n" WITHOUT_KEY

static void
test_good(void **state)
{
	struct fleet_trust trust;

	(void)state;
	assert_ok(fleet_trust_parse(&trust, GOOD, strlen(GOOD), "f", &why));
	assert_int_equal(trust.key[0], 0xd7);
	assert_true(trust.may_issue);
	assert_true(trust.may_revoke);
	assert_string_equal(trust.users, "alice,bob");
	assert_string_equal(trust.services, "@mail,sshd");
	assert_int_equal(trust.not_after, NOW);
	assert_true(fleet_trust_lasts(&trust, NOW));
	assert_false(fleet_trust_lasts(&trust, NOW + 1));
}

static void
test_bad(void **state)
{
	static const struct {
		const char *text, *says;
	} ROWS[] = {
	    {"", "no line for key"},
	    {"[issuer]\n" WITHOUT_KEY, "f: no line for key"},
	    {"key = " KEY "\n" WITHOUT_KEY, "f:1: before the line [issuer]"},
	    {"[fleet]\nkey = " KEY "\n" WITHOUT_KEY, "f:1: unknown section"},
	    {GOOD "[issuer]\n", "a second section"},
	    {GOOD "key = " KEY "\n", "f:7: set twice: key"},
	    {GOOD "more = 1\n", "f:7: unknown key: more"},
	    {"[issuer]\nkey = 12\n", "f:2: not 64 hexadecimal digits"},
	    {"[issuer]\nmay = anything\n", "may is issue, revoke, or both"},
	    {"[issuer]\nmay =\n", "may is issue, revoke, or both"},
	    {"[issuer]\nusers = @staff\n", "not a list of users"},
	    {"[issuer]\nusers =\n", "not a list of users"},
	    {"[issuer]\nservices =\n", "not a list of services"},
	    {"[issuer]\nnot_after = 90d\n", "not a date, nor never"},
	    {"[issuer]\nkey = " KEY "\nmay = issue\nusers = any\n"
	     "services = any\n",
		"f: no line for not_after"},
	};
	struct fleet_trust trust;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		assert_err(ERR_CONFIG,
		    fleet_trust_parse(
			&trust, ROWS[i].text, strlen(ROWS[i].text), "f", &why));
		assert_says(ROWS[i].says);
		assert_false(trust.may_issue || trust.may_revoke);
	}
}

static int
setup(void **state)
{
	if (scratch_setup(state) != 0)
		return -1;
	fleet_host_start(*state);
	return 0;
}

static enum err
read_it(const struct scratch *scratch, struct fleet_trusts *trusts)
{
	return fleet_trusts_read(trusts, scratch->config.fleet.issuers, &why);
}

static void
test_directory(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_trusts trusts;
	struct issuer hub, other;

	assert_ok(read_it(scratch, &trusts));
	assert_int_equal(trusts.count, 0);
	issuer_start(&hub, "hub");
	issuer_start(&other, "other");
	other.trust.not_after = NOW;
	fleet_host_trust(scratch, &hub);
	fleet_host_trust(scratch, &other);
	/* Not one: an editor's copy, say. */
	scratch_write(scratch_path(scratch, "issuers/hub.pub~"), "x", 1, 0644);
	assert_ok(read_it(scratch, &trusts));
	assert_int_equal(trusts.count, 2);
	assert_non_null(fleet_trusts_find(&trusts, "hub", NOW + 1));
	assert_memory_equal(fleet_trusts_find(&trusts, "hub", NOW)->key,
	    hub.trust.key, sizeof(hub.trust.key));
	assert_non_null(fleet_trusts_find(&trusts, "other", NOW));
	assert_null(fleet_trusts_find(&trusts, "other", NOW + 1));
	assert_null(fleet_trusts_find(&trusts, "nobody", NOW));
	fleet_trusts_free(&trusts);
	assert_int_equal(rmdir(scratch_path(scratch, "none")), -1);
	assert_ok(
	    fleet_trusts_read(&trusts, scratch_path(scratch, "none"), &why));
	assert_int_equal(trusts.count, 0);
}

/* The path of a file that is removed just before it is opened, or NULL. */
static const char *vanishing;

enum err __real_safe_open(const char *path, int flags,
    enum safe_privacy privacy, int *fd, struct error *text);
enum err __wrap_safe_open(const char *path, int flags,
    enum safe_privacy privacy, int *fd, struct error *text);

enum err
__wrap_safe_open(const char *path, int flags, enum safe_privacy privacy,
    int *fd, struct error *text)
{
	if (vanishing != NULL && strcmp(path, vanishing) == 0)
		(void)unlink(path);
	return __real_safe_open(path, flags, privacy, fd, text);
}

/* To remove one while it is read is to believe nobody of that name. */
static void
test_one_that_is_removed_meanwhile(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_trusts trusts;
	struct issuer hub, other;

	issuer_start(&hub, "hub");
	issuer_start(&other, "other");
	fleet_host_trust(scratch, &hub);
	fleet_host_trust(scratch, &other);
	vanishing = scratch_path(scratch, "issuers/hub.pub");
	assert_ok(read_it(scratch, &trusts));
	vanishing = NULL;
	assert_int_equal(trusts.count, 1);
	assert_null(fleet_trusts_find(&trusts, "hub", NOW));
	assert_non_null(fleet_trusts_find(&trusts, "other", NOW));
	fleet_trusts_free(&trusts);
}

/* One that others can write, or that is none, stops all of it. */
static void
test_unsafe_files(void **state)
{
	const struct scratch *scratch = *state;
	const char *path = scratch_path(scratch, "issuers/hub.pub");
	struct fleet_trusts trusts;

	scratch_write(path, GOOD, strlen(GOOD), 0664);
	assert_err(ERR_UNSAFE, read_it(scratch, &trusts));
	fleet_trusts_free(&trusts);
	scratch_write(path, "[issuer]\n", 9, 0644);
	assert_err(ERR_CONFIG, read_it(scratch, &trusts));
	assert_says("hub.pub: no line for key");
	fleet_trusts_free(&trusts);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/hostname", path), 0);
	assert_err(ERR_UNSAFE, read_it(scratch, &trusts));
	fleet_trusts_free(&trusts);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(chmod(scratch->config.fleet.issuers, 0775), 0);
	assert_err(ERR_UNSAFE, read_it(scratch, &trusts));
	fleet_trusts_free(&trusts);
	assert_int_equal(chmod(scratch->config.fleet.issuers, 0755), 0);
	scratch_write(
	    scratch_path(scratch, "issuers/Hub.pub"), GOOD, strlen(GOOD), 0644);
	assert_err(ERR_CONFIG, read_it(scratch, &trusts));
	assert_says("not an issuer's name in small letters");
	fleet_trusts_free(&trusts);
}

static void
test_too_many(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_trusts trusts;

	for (unsigned i = 0; i <= FLEET_ISSUERS_MAX; i++) {
		struct issuer issuer;
		char name[8];

		(void)snprintf(name, sizeof(name), "i%u", i);
		issuer_start(&issuer, name);
		assert_err(ERR_OK, read_it(scratch, &trusts));
		fleet_trusts_free(&trusts);
		fleet_host_trust(scratch, &issuer);
	}
	assert_err(ERR_CONFIG, read_it(scratch, &trusts));
	assert_says("more than 64 issuers");
	fleet_trusts_free(&trusts);
}

#define TRUST_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	    TRUST_TEST(test_directory),
	    TRUST_TEST(test_one_that_is_removed_meanwhile),
	    TRUST_TEST(test_unsafe_files),
	    TRUST_TEST(test_too_many),
	};

	return unit_run(tests);
}
