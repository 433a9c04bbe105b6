#include "config/services.h"

#include <string.h>

#include "lib/unit.h"

static struct service_group *groups;

static int
setup(void **state)
{
	(void)state;
	groups = NULL;
	memset(&why, 0, sizeof(why));
	return services_add(&groups, "mail", "imap,pop3") != ERR_OK ||
	    services_add(&groups, "files", "vsftpd") != ERR_OK;
}

static int
teardown(void **state)
{
	(void)state;
	services_free(&groups);
	return groups != NULL;
}

static void
test_a_group_is_found_by_its_name(void **state)
{
	(void)state;
	assert_string_equal(services_of_group(groups, "@mail"), "imap,pop3");
	assert_string_equal(services_of_group(groups, "@files"), "vsftpd");
	assert_null(services_of_group(groups, "@Mail"));
	assert_null(services_of_group(groups, "@mai"));
	assert_null(services_of_group(groups, "@mails"));
	assert_null(services_of_group(groups, "@"));
	assert_null(services_of_group(NULL, "@mail"));
}

static void
test_a_name_is_taken_once(void **state)
{
	(void)state;
	assert_err(ERR_EXISTS, services_add(&groups, "mail", "smtp"));
	assert_err(ERR_EXISTS, services_add(&groups, "files", "smtp"));
	assert_string_equal(services_of_group(groups, "@mail"), "imap,pop3");
	assert_ok(services_add(&groups, "more", "smtp"));
	assert_string_equal(services_of_group(groups, "@more"), "smtp");
}

/* A group has its own texts: the parser's line is gone by then. */
static void
test_a_group_keeps_what_it_was_given(void **state)
{
	char name[] = "shells", list[] = "sshd,login";

	(void)state;
	assert_ok(services_add(&groups, name, list));
	memset(name, 'x', sizeof(name) - 1);
	memset(list, 'x', sizeof(list) - 1);
	assert_string_equal(services_of_group(groups, "@shells"), "sshd,login");
}

static void
test_freed_twice(void **state)
{
	(void)state;
	services_free(&groups);
	assert_null(groups);
	services_free(&groups);
	assert_null(groups);
}

static const struct {
	const char *list, *service;
	bool included;
} INCLUDED[] = {
    {"sshd", "sshd", true},
    {"sshd", "vsftpd", false},
    {"any", "vsftpd", true},
    {"sshd,any", "vsftpd", true},
    {"@mail", "imap", true},
    {"@mail", "pop3", true},
    {"@mail", "mail", false},
    {"@mail", "imap,pop3", false},
    {"@mail", "ima", false},
    {"@mail", "", false},
    {"@mail", "sshd", false},
    {"sshd,@mail", "imap", true},
    {"@mail,@files", "vsftpd", true},
    {"mail", "imap", false}, /* a service, not the group */
    {"@gone", "imap", false},
    {"@gone", "gone", false},
    {"@gone,@mail", "imap", true},
    {"", "sshd", false},
};

static void
test_included(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(INCLUDED); i++)
		assert_row(INCLUDED[i].list,
		    services_include(groups, INCLUDED[i].list,
			INCLUDED[i].service) == INCLUDED[i].included);
	assert_false(services_include(NULL, "@mail", "imap"));
	assert_true(services_include(NULL, "@mail,imap", "imap"));
}

static const struct {
	const char *allowed, *list;
	const char *bad; /* NULL: everything is allowed */
} ALLOWED[] = {
    {"any", "sshd,@mail,@gone", NULL},
    {"sshd,any", "vsftpd", NULL},
    {"sshd", "sshd", NULL},
    {"sshd", "sshd,vsftpd", "vsftpd"},
    {"sshd", "any", "any"},
    {"@mail", "any", "any"},
    /* a group by its name, and member by member, in either list */
    {"@mail", "@mail", NULL},
    {"@mail", "imap", NULL},
    {"@mail", "pop3,imap", NULL},
    {"@mail", "imap,sshd", "sshd"},
    {"pop3,imap", "@mail", NULL},
    {"imap,sshd", "@mail", "@mail"},
    {"imap,sshd", "sshd,@mail", "@mail"},
    {"@files,imap,pop3", "@mail,vsftpd,@files", NULL},
    {"@mail", "@files", "@files"},
    {"@mail", "@gone", "@gone"},
    {"@gone", "@gone", NULL}, /* it has no members, and accepts nobody */
    {"@gone", "sshd", "sshd"},
    {"mail", "@mail", "@mail"},
    {"@mail", "mail", "mail"},
};

static void
test_allowed(void **state)
{
	char bad[LIST_WORD_MAX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ALLOWED); i++) {
		bool allowed = services_allowed(
		    groups, ALLOWED[i].allowed, ALLOWED[i].list, bad);

		assert_row(
		    ALLOWED[i].list, allowed == (ALLOWED[i].bad == NULL));
		if (!allowed)
			assert_string_equal(bad, ALLOWED[i].bad);
	}
}

#define GROUPS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    GROUPS_TEST(test_a_group_is_found_by_its_name),
	    GROUPS_TEST(test_a_name_is_taken_once),
	    GROUPS_TEST(test_a_group_keeps_what_it_was_given),
	    GROUPS_TEST(test_freed_twice),
	    GROUPS_TEST(test_included),
	    GROUPS_TEST(test_allowed),
	};

	return unit_run(tests);
}
