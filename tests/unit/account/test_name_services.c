#include "account/name_services.h"

#include <stdio.h>

#include "lib/unit.h"

static bool
begins(const char *passwd, const char *shadow)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "# %s\ngroup: files\n%s\n%s\n",
	    "passwd: compat", passwd, shadow);
	return name_services_text_begins_with_files(text);
}

static void
test_files_first(void **state)
{
	(void)state;
	assert_true(begins("passwd: files", "shadow: files"));
	assert_true(begins("passwd:files systemd", "shadow:\tfiles sss"));
	assert_true(begins("  passwd:  files#x", "shadow: files # local"));
	assert_true(begins(
	    "passwd: files ldap [NOTFOUND=return] sss", "shadow: files\r"));
	assert_true(begins("passwd: files", "shadow: files\nx_shadow: y"));
	assert_true(begins("passwd: files",
	    "shadow: files\nhosts: files mdns [NOTFOUND=return] dns\n"
	    "x: a [ !tryagain=Continue success=merge ] b\n  # [x=y]\n#["));
	assert_true(name_services_text_begins_with_files(
	    "\nshadow: files\npasswd: files"));
}

static void
test_anything_else(void **state)
{
	static const char *const OTHERS[] = {
	    "passwd: sss files",
	    "passwd: compat",
	    "passwd: db files",
	    "passwd: filesystem",
	    "passwd: [NOTFOUND=return] files",
	    "passwd: files [SUCCESS=continue] sss",
	    "passwd: files [SUCCESS=merge] sss",
	    "passwd: files\t[!NOTFOUND=return] sss",
	    "passwd:",
	    "passwd: #files",
	    "#passwd: files",
	    "passwd files",
	    "passwd : files",
	    "passwd: files\npasswd sss files",
	    "passwd: files\npasswd\tsss",
	    "passwd: files\npasswd",
	    "passwd: files\npasswd#",
	    "passwd_compat: files",
	    "passwd: files\npasswd: files",
	    "passwd: files\npasswd: sss",
	    "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
		if (begins(OTHERS[i], "shadow: files"))
			fail_msg("%s", OTHERS[i]);
	}
	assert_false(begins("passwd: files", "shadow: sss files"));
	assert_false(begins("passwd: files", ""));
	assert_false(name_services_text_begins_with_files(""));
}

/* glibc gives up the whole file for any of them. */
static void
test_unsound_conditions(void **state)
{
	static const char *const LINES[] = {
	    "group: files [x=y]",
	    "group: files [notfound=forward]",
	    "group: files [notfound=return,success=continue]",
	    "group: files []",
	    "group: files [! notfound=return]",
	    "group: files [notfound=returned]",
	    "group: files # [x=y]",
	    "group: files [success=return",
	    "hosts: files [success=return\n] dns",
	    "hosts: files [",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
		char text[512];

		(void)snprintf(text, sizeof(text),
		    "passwd: files\nshadow: files\n%s\n", LINES[i]);
		if (name_services_text_begins_with_files(text))
			fail_msg("%s", LINES[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_files_first),
	    cmocka_unit_test(test_anything_else),
	    cmocka_unit_test(test_unsound_conditions),
	};

	return unit_run(tests);
}
