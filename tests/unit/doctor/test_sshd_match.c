/* Patterns of sshd_config(5): users, addresses, and the criteria of Match. */
#include "lib/unit.h"

#include <stdio.h>

#include "doctor/sshd_match.h"

struct row {
	const char *text;
	enum sshd_match at_home;  /* from 10.1.2.3, port 22 */
	enum sshd_match anywhere; /* address and port not known */
};

#define NO SSHD_MATCH_NO
#define YES SSHD_MATCH_YES
#define UNKNOWN SSHD_MATCH_UNKNOWN

static const struct row USERS[] = {
    {"alice", YES, YES},
    {"Alice", NO, NO},
    {"alic", NO, NO},
    {"alicea", NO, NO},
    {"*", YES, YES},
    {"al*", YES, YES},
    {"*e", YES, YES},
    {"a*c*", YES, YES},
    {"a*b*", NO, NO},
    {"al?ce", YES, YES},
    {"alice?", NO, NO},
    {"", NO, NO},
    {"alice@10.*", YES, UNKNOWN},
    {"alice@10.1.2.3", YES, UNKNOWN},
    {"alice@10.1.2.4", NO, UNKNOWN},
    {"alice@10.0.0.0/8", YES, UNKNOWN},
    {"alice@192.0.2.0/24", NO, UNKNOWN},
    {"alice@192.0.2.0/24,10.1.0.0/16", YES, UNKNOWN},
    {"alice@*,!10.1.2.3", NO, UNKNOWN},
    {"alice@host.example", NO, UNKNOWN},
    {"bob@10.*", NO, NO},
    {"*@*", YES, UNKNOWN},
};

static const struct row CRITERIA[] = {
    {"all", YES, YES},
    {" User alice", YES, YES},
    {"user alice,bob", YES, YES},
    {"User=alice", YES, YES},
    {"User \"alice\"", YES, YES},
    {"User bob", NO, NO},
    {"User *,!alice", NO, NO},
    {"User !bob", NO, NO},
    {"User !bob,*", YES, YES},
    {"Address 10.0.0.0/8", YES, UNKNOWN},
    {"Address !10.0.0.0/8,*", NO, UNKNOWN},
    {"Host 10.1.*", YES, UNKNOWN},
    {"LocalPort 22", YES, UNKNOWN},
    {"LocalPort 2222", NO, UNKNOWN},
    {"LocalAddress 10.0.0.1", UNKNOWN, UNKNOWN},
    {"RDomain x", UNKNOWN, UNKNOWN},
    {"exec true", UNKNOWN, UNKNOWN},
    {"User bob LocalAddress 10.0.0.1", NO, NO},
    {"User alice LocalAddress 10.0.0.1", UNKNOWN, UNKNOWN},
    {"User alice Address 10.1.2.3", YES, UNKNOWN},
    {"Address 192.0.2.1 User alice", NO, UNKNOWN},
    {"Address", UNKNOWN, UNKNOWN},
    {"invalid-user", NO, NO},
};

typedef enum sshd_match matcher(
    const struct sshd_login *login, const char *text);

static void
expect(const struct row *row, matcher *matches)
{
	const struct sshd_login home = {
	    .user = "alice", .from = "10.1.2.3", .port = 22};
	const struct sshd_login anywhere = {.user = "alice"};

	if (matches(&home, row->text) == row->at_home &&
	    matches(&anywhere, row->text) == row->anywhere)
		return;
	print_error("%s\n", row->text);
	fail();
}

static void
test_users(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(USERS) / sizeof(USERS[0]); i++)
		expect(&USERS[i], sshd_match_user);
}

static void
test_criteria(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CRITERIA) / sizeof(CRITERIA[0]); i++)
		expect(&CRITERIA[i], sshd_match_criteria);
}

/* With UseDNS, an address that fits no pattern may have a name that does. */
static void
test_names(void **state)
{
	const struct sshd_login login = {
	    .user = "alice", .from = "10.1.2.3", .uses_dns = true};

	(void)state;
	assert_int_equal(
	    sshd_match_user(&login, "alice@*.example"), SSHD_MATCH_UNKNOWN);
	assert_int_equal(
	    sshd_match_criteria(&login, "Host 10.*"), SSHD_MATCH_YES);
	assert_int_equal(
	    sshd_match_criteria(&login, "Address 192.0.2.1"), SSHD_MATCH_NO);
}

static void
test_groups(void **state)
{
	const struct sshd_login root = {.user = "root"};
	const struct sshd_login stranger = {.user = "no-such-user"};

	(void)state;
	assert_int_equal(sshd_match_group(&root, "root"), SSHD_MATCH_YES);
	assert_int_equal(sshd_match_group(&root, "r*t"), SSHD_MATCH_YES);
	assert_int_equal(sshd_match_group(&root, "nobody"), SSHD_MATCH_NO);
	assert_int_equal(
	    sshd_match_criteria(&root, "Group root,wheel"), SSHD_MATCH_YES);
	assert_int_equal(
	    sshd_match_group(&stranger, "root"), SSHD_MATCH_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_users),
	    cmocka_unit_test(test_criteria),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_groups),
	};

	return unit_run(tests);
}
