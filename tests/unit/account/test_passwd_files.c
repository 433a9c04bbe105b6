/* passwd_files.h: one file at a time, line by line. */
#include "account/passwd_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"
#include "lib/world.h"

#define ROOT "root:x:0:0:root:/root:/bin/sh\n"
#define DAYS ":20000:0:99999:7:30:25000:"

/*
 * What a visitor was given, one word for each line: `name` or `name(damaged)`.
 */
static char told[4096];
static enum err answer;

static enum err
note(const char *name, bool is_good)
{
	size_t len = strlen(told);

	(void)snprintf(told + len, sizeof(told) - len, "%s%s%s",
	    len > 0 ? " " : "", name, is_good ? "" : "(damaged)");
	return answer;
}

static enum err
note_passwd(const char *name, const struct passwd *entry, void *arg)
{
	if (entry != NULL) {
		assert_ptr_equal(entry->pw_name, name);
		if (arg != NULL)
			*(uid_t *)arg = entry->pw_uid;
	}
	return note(name, entry != NULL);
}

static enum err
note_shadow(const char *name, const struct spwd *entry, void *arg)
{
	if (entry != NULL && arg != NULL) {
		*(struct spwd *)arg = *entry;
		((struct spwd *)arg)->sp_namp = NULL;
	}
	return note(name, entry != NULL);
}

static int
setup(void **state)
{
	(void)state;
	world_set("", "");
	told[0] = '\0';
	answer = ERR_OK;
	return 0;
}

static enum err
read_passwd(const char *text, size_t len, struct passwd_files_passwd *file)
{
	world_set_file(&world.passwd, text, len);
	told[0] = '\0';
	return passwd_files_passwd(note_passwd, NULL, file, &why);
}

/* A line that follows root's. */
static const struct {
	const char *line, *told;
} PASSWD_LINES[] = {
    {"a:x:1:1:::\n", "a"},
    {"a:x:1:1:Al,,,:/home/a:/bin/sh\n", "a"},
    {"a:x:4294967294:4294967294:::\n", "a"},
    {"a:x:1:1:::\n\n\n", "a"}, /* empty lines at the end: an editor's */
    {"#a:x:1:1:::\n", ""},
    {"+\n", ""},
    {"+a::::::\n", ""},
    {"-a::::::\n", ""},
    {"a:x:1:1:::", "a(damaged)"}, /* no newline */
    {"a:x:1:1::\n", "a(damaged)"},
    {"a:x:1:1::::\n", "a(damaged)"},
    {"a\n", "a(damaged)"},
    {"a", "a(damaged)"},
    {":x:1:1:::\n", "(damaged)"},
    {":\n", "(damaged)"},
    {"a:x::1:::\n", "a(damaged)"},
    {"a:x:1::::\n", "a(damaged)"},
    {"a:x:1a:1:::\n", "a(damaged)"},
    {"a:x:-1:1:::\n", "a(damaged)"},
    {"a:x:+1:1:::\n", "a(damaged)"},
    {"a:x: 1:1:::\n", "a(damaged)"},
    {"a:x:0x1:1:::\n", "a(damaged)"},
    {"a:x:4294967295:1:::\n", "a(damaged)"}, /* libc's `no such uid` */
    {"a:x:4294967296:1:::\n", "a(damaged)"},
    {"a:x:18446744073709551617:1:::\n", "a(damaged)"},
    {"a:x:1:4294967295:::\n", "a(damaged)"},
    {"a:x:1:1:::\nb:x:2:2:::\n", "a b"},
    {"a:x:1:1:::\na:x:1:1:::\n", "a a"},
    {"a:x:1\nb:x:2:2:::\n", "a(damaged) b"},
    {"a:x:1:1:::b:x:2:2:::\n", "a(damaged)"},
    /* libc skips leading blanks, and empty lines */
    {" a:x:1:1:::\n", "a(damaged)"},
    {"\ta:x:1:1:::\n", "a(damaged)"},
    {"\r\v\fa:x:1:1:::\n", "a(damaged)"},
    {" #a:x:1:1:::\n", ""},
    {"  \na:x:1:1:::\n", "a"},
    {"\na:x:1:1:::\n", "a"},
};

/* Whether everything after root's line is valid. */
static bool
is_sound(const char *line, const char *names)
{
	return strstr(names, "(damaged)") == NULL && line[0] != '\n' &&
	    line[0] != ' ';
}

static void
test_lines_of_passwd(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(PASSWD_LINES); i++) {
		const char *line = PASSWD_LINES[i].line;
		struct passwd_files_passwd file;
		char text[256], expected[256];

		(void)snprintf(text, sizeof(text), ROOT "%s", line);
		(void)snprintf(expected, sizeof(expected), "root%s%s",
		    PASSWD_LINES[i].told[0] != '\0' ? " " : "",
		    PASSWD_LINES[i].told);
		assert_ok(read_passwd(text, strlen(text), &file));
		assert_row(line, strcmp(told, expected) == 0);
		assert_row(line, file.has_root);
		assert_row(line,
		    file.is_whole == is_sound(line, PASSWD_LINES[i].told));
	}
}

/*
 * Earlier lines must not hide that something is wrong; and the first bad line
 * is reported.
 */
static const struct {
	const char *text;
	size_t len;
	bool has_root, is_whole;
	size_t bad_line;
} PASSWD_FILES[] = {
#define ROW(text) text, sizeof(text) - 1
    {ROW(""), false, false, 0},
    {ROW("\n"), false, false, 0},
    {ROW(ROOT), true, true, 0},
    {ROW("a:x:1:1:::\n"), false, false, 0},
    {ROW("rootx:x:0:0:::\n"), false, false, 0},
    {ROW("#" ROOT), false, false, 0},
    {ROW("root:x:0:0:::"), false, false, 1},
    {ROW("root:x:0:0::\n"), false, false, 1},
    {ROW("a:x:1:1:::\n" ROOT), true, true, 0},
    {ROW("#\n" ROOT "#\n"), true, true, 0},
    {ROW(ROOT "#"), true, false, 2},
    {ROW(ROOT "\n\n"), true, true, 0},
    {ROW("\n" ROOT), true, false, 1},
    {ROW(ROOT "\n#\n"), true, false, 2},
    {ROW(ROOT "\n\n\na:x:1:1:::\n"), true, false, 2},
    {ROW(ROOT "\0"), true, false, 2},
    {ROW(ROOT "\0\n"), true, false, 2},
    {ROW(ROOT "\0a:x:1:1:::\n"), true, false, 2},
    {ROW(ROOT "#\0a:x:1:1:::\n"), true, false, 2},
    {ROW(ROOT "+\0a:x:1:1:::\n"), true, false, 2},
    {ROW(ROOT "a\0:x:1:1:::\n"), true, false, 2},
    {ROW(ROOT "a:x:1:1:::\0\n"), true, false, 2},
    {ROW(ROOT "a:x:1:1:::\nb:x:-2:1:::\nc:x:1:1:::\n"), true, false, 3},
    {ROW(ROOT "a:x:1:1:::\nb:x:1\nc:x:1\n"), true, false, 3},
    {ROW("b:x:1\n" ROOT "\nc:x:1:1:::\n"), true, false, 1},
#undef ROW
};

static void
test_whole_passwd_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(PASSWD_FILES); i++) {
		struct passwd_files_passwd file;

		assert_ok(read_passwd(
		    PASSWD_FILES[i].text, PASSWD_FILES[i].len, &file));
		assert_row(PASSWD_FILES[i].text,
		    file.has_root == PASSWD_FILES[i].has_root);
		assert_row(PASSWD_FILES[i].text,
		    file.is_whole == PASSWD_FILES[i].is_whole);
		assert_row(PASSWD_FILES[i].text,
		    file.bad_line == PASSWD_FILES[i].bad_line);
	}
}

static void
test_what_is_wrong_is_explained(void **state)
{
	static const struct {
		const char *text, *said;
	} ROWS[] = {
	    {ROOT "b:x:-2:1:::\n", "/etc/passwd:2: it is not seven fields"},
	    {ROOT " b:x:2:1:::\n", "/etc/passwd:2: it is cut short, or has"},
	    {ROOT "b:x:2:1:::", "/etc/passwd:2: it is cut short"},
	    {ROOT "\n" ROOT, "/etc/passwd:2: it is empty"},
	    {"b:x:2:1:::\n", "/etc/passwd: root is not in it"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct passwd_files_passwd file;

		assert_ok(
		    read_passwd(ROWS[i].text, strlen(ROWS[i].text), &file));
		passwd_files_explain(&file, &why);
		assert_row(why.text,
		    strncmp(why.text, ROWS[i].said, strlen(ROWS[i].said)) == 0);
		assert_says("; mend it with: vipw");
	}
}

static const struct {
	const char *text, *told;
} SHADOW_LINES[] = {
    {"a:!" DAYS "\n", "a"},
    {"a:::::::: \n", "a(damaged)"},
    {"a::::::::\n", "a"},
    {"a:x:-1::::::\n", "a(damaged)"},
    {"a:x::::::-1:\n", "a(damaged)"},
    {"a:x:2147483647:0:0:0:0:2147483647:\n", "a"},
    {"a:x:2147483648::::::\n", "a(damaged)"},
    {"a:x::::::2147483648:\n", "a(damaged)"},
    {"a:x::::::99999999999999999999:\n", "a(damaged)"},
    {"a:x::::::-2:\n", "a(damaged)"},
    {"a:x::::::1x:\n", "a(damaged)"},
    {"a:x:::::::x\n", "a(damaged)"},
    {"a:!" DAYS, "a(damaged)"}, /* no newline */
    {"a:x:::::1\n", "a(damaged)"},
    {"a:x::::::1\n", "a(damaged)"}, /* libc takes it: expired */
    {"a:x:::::::::\n", "a(damaged)"},
    {"a:x\n", "a(damaged)"},
    {"a\n", "a(damaged)"},
    {":x" DAYS "\n", "(damaged)"},
    {" a:!" DAYS "\n", "a(damaged)"},
    {"#a:!" DAYS "\n+\n-b\n", ""},
    {"a:!" DAYS "\nb:*" DAYS "\n\n", "a b"},
};

static void
test_lines_of_shadow(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(SHADOW_LINES); i++) {
		const char *text = SHADOW_LINES[i].text;

		world_set_file(&world.shadow, text, strlen(text));
		told[0] = '\0';
		assert_ok(passwd_files_shadow(note_shadow, NULL, &why));
		assert_row(text, strcmp(told, SHADOW_LINES[i].told) == 0);
	}
}

static void
test_the_fields_of_shadow(void **state)
{
	static const char TEXT[] = "a:h:1:2:3:4:5:6:7\n",
			  EMPTY[] = "a:h:::::::\n";
	struct spwd entry;

	(void)state;
	world_set_file(&world.shadow, TEXT, strlen(TEXT));
	assert_ok(passwd_files_shadow(note_shadow, &entry, &why));
	assert_int_equal(entry.sp_lstchg, 1);
	assert_int_equal(entry.sp_min, 2);
	assert_int_equal(entry.sp_max, 3);
	assert_int_equal(entry.sp_warn, 4);
	assert_int_equal(entry.sp_inact, 5);
	assert_int_equal(entry.sp_expire, 6);
	world_set_file(&world.shadow, EMPTY, strlen(EMPTY));
	assert_ok(passwd_files_shadow(note_shadow, &entry, &why));
	assert_int_equal(entry.sp_lstchg, -1);
	assert_int_equal(entry.sp_inact, -1);
	assert_int_equal(entry.sp_expire, -1);
}

static void
test_the_fields_of_passwd(void **state)
{
	static const char TEXT[] = "a:x:4294967294:7:::\n";
	struct passwd_files_passwd file;
	uid_t uid = 0;

	(void)state;
	world_set_file(&world.passwd, TEXT, strlen(TEXT));
	assert_ok(passwd_files_passwd(note_passwd, &uid, &file, &why));
	assert_int_equal(uid, 4294967294);
}

/* A file that cannot be read to the end does not end there. */
static void
test_files_that_cannot_be_read(void **state)
{
	static const int ERRORS[] = {EACCES, EMFILE, ENFILE, EIO, EISDIR};
	struct passwd_files_passwd file = {true, true, 1, "it is"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ERRORS); i++) {
		world_set(ROOT, "a:!" DAYS "\n");
		world.passwd.open_error = world.shadow.open_error = ERRORS[i];
		assert_err(ERR_SYSTEM,
		    passwd_files_passwd(note_passwd, NULL, &file, &why));
		assert_says("/etc/passwd");
		assert_false(file.is_whole || file.has_root);
		assert_err(
		    ERR_SYSTEM, passwd_files_shadow(note_shadow, NULL, &why));
		world_set(ROOT, "a:!" DAYS "\n");
		world.passwd.read_error = world.shadow.read_error = ERRORS[i];
		assert_err(ERR_SYSTEM,
		    passwd_files_passwd(note_passwd, NULL, &file, &why));
		assert_false(file.is_whole || file.has_root);
		assert_err(
		    ERR_SYSTEM, passwd_files_shadow(note_shadow, NULL, &why));
		assert_says("/etc/shadow");
	}
	assert_string_equal(told, "");
	world.passwd.open_error = world.shadow.open_error = ENOENT;
	assert_err(
	    ERR_SYSTEM, passwd_files_passwd(note_passwd, NULL, &file, &why));
	assert_err(ERR_MISSING, passwd_files_shadow(note_shadow, NULL, &why));
}

static void
test_a_visitor_ends_it(void **state)
{
	static const char TEXT[] = ROOT "a:x:1:1:::\n";
	struct passwd_files_passwd file;

	(void)state;
	answer = ERR_POLICY;
	assert_err(ERR_POLICY, read_passwd(TEXT, strlen(TEXT), &file));
	assert_string_equal(told, "root");
}

/* Longer than any initial buffer, in its lines and in total. */
static void
test_long_files(void **state)
{
	static char text[300000];
	struct passwd_files_passwd file;
	size_t len = 0;
	uid_t uid = 0;

	(void)state;
	strcpy(text, ROOT "a:x:1:1:");
	len = strlen(text);
	memset(text + len, 'g', 200000);
	len += 200000;
	strcpy(text + len, "::\nb:x:2:2:::\n");
	assert_ok(read_passwd(text, strlen(text), &file));
	assert_string_equal(told, "root a b");
	assert_true(file.is_whole);
	/* each length near the sizes in which it is read */
	for (len = 4090; len < 65542; len = len == 8200 ? 65530 : len + 1) {
		memset(text, 'g', sizeof(text));
		memcpy(text, "#", 1);
		memcpy(text + len - 12, "\nb:x:2:2:::\n", 12);
		world_set_file(&world.passwd, text, len);
		assert_ok(passwd_files_passwd(note_passwd, &uid, &file, &why));
		assert_int_equal(uid, 2);
		uid = 0;
	}
}

/* Such a line is nobody's, and memory has an end. */
static void
test_an_endless_line(void **state)
{
	static char text[3 * 1024 * 1024];
	struct passwd_files_passwd file;

	(void)state;
	strcpy(text, ROOT "a:x:1:1:");
	memset(text + strlen(text), 'g', sizeof(text) - strlen(text) - 1);
	assert_err(ERR_DAMAGED, read_passwd(text, strlen(text), &file));
	assert_says("/etc/passwd");
	assert_string_equal(told, "root");
}

#define FILE_TEST(test) cmocka_unit_test_setup(test, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FILE_TEST(test_lines_of_passwd),
	    FILE_TEST(test_whole_passwd_files),
	    FILE_TEST(test_what_is_wrong_is_explained),
	    FILE_TEST(test_lines_of_shadow),
	    FILE_TEST(test_the_fields_of_shadow),
	    FILE_TEST(test_the_fields_of_passwd),
	    FILE_TEST(test_files_that_cannot_be_read),
	    FILE_TEST(test_a_visitor_ends_it),
	    FILE_TEST(test_long_files),
	    FILE_TEST(test_an_endless_line),
	};

	return unit_run(tests);
}
