/* notice_program.h: the program that gets a notice, and what it may do. */
#include "notify/notice_program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"

static bool has_hung;

/* Runs a shell command with this on its standard input. */
static enum err
run(const char *script, const char *input)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};

	return notice_run_program(argv, input, strlen(input), &has_hung, &why);
}

static void
test_it_gets_the_notice_and_nothing_else(void **state)
{
	(void)state;
	assert_ok(run("test \"$(cat)\" = '{\"a\": 1}'", "{\"a\": 1}\n"));
	assert_ok(run("test \"$(pwd)\" = / && test -z \"$HOME$USER\"", ""));
	assert_ok(run("test \"$PATH\" = /usr/sbin:/usr/bin:/sbin:/bin", ""));
	assert_ok(run("set -- /proc/self/fd/*; test $# -le 4", ""));
	/* What it does not read is no trouble, nor what it says. */
	assert_ok(run("yes | head -c 1000000", "{}\n"));
	assert_false(has_hung);
}

static void
test_it_fails(void **state)
{
	const char *const missing[] = {"/nonexistent/program", NULL};

	(void)state;
	assert_err(ERR_SYSTEM, run("echo no room >&2; echo x; exit 3", ""));
	assert_says("/bin/sh: exit status 3: no room");
	assert_err(ERR_SYSTEM, run("kill -9 $$", ""));
	assert_says("/bin/sh: Killed");
	assert_err(
	    ERR_SYSTEM, notice_run_program(missing, "", 0, &has_hung, &why));
	assert_says("exit status 127");
	assert_false(has_hung);
}

static void
test_it_leaves_something_behind(void **state)
{
	int64_t begun = deadline_in(0);

	(void)state;
	assert_ok(run("sleep 30 & exit 0", ""));
	assert_true(deadline_in(0) - begun < INT64_C(9000000000));
}

static void
test_it_hangs(void **state)
{
	char script[SCRATCH_PATH + 64];
	const char *pid = scratch_path(*state, "pid");
	uint8_t *text;
	size_t len;
	long child;

	(void)snprintf(
	    script, sizeof(script), "sleep 60 & echo $! >%s; wait", pid);
	assert_err(ERR_SYSTEM, run(script, ""));
	assert_true(has_hung);
	assert_says("did not end within 10 seconds");
	/* Its children have ended with it. */
	text = scratch_read(pid, &len);
	child = strtol((const char *)text, NULL, 10);
	free(text);
	assert_true(child > 1);
	/* The kernel may need a moment; nine seconds are left to it. */
	(void)snprintf(script, sizeof(script),
	    "for i in $(seq 90); do grep -q '^[^)]*) [^Z]' /proc/%ld/stat || "
	    "exit 0; sleep 0.1; done; exit 1",
	    child);
	assert_ok(run(script, ""));
}

static void
test_words(void **state)
{
	const char *words[NOTICE_WORDS_MAX + 1];
	char text[] = "/bin/a  b\tc ",
	     many[] = "a a a a a a a a a a a a a a a "
		      "a a";

	(void)state;
	assert_ok(notice_split(text, words, &why));
	assert_string_equal(words[0], "/bin/a");
	assert_string_equal(words[1], "b");
	assert_string_equal(words[2], "c");
	assert_null(words[3]);
	assert_err(ERR_CONFIG, notice_split(many, words, &why));
}

static void
test_whose_it_is(void **state)
{
	const struct scratch *scratch = *state;
	const char *program = scratch_path(scratch, "lib/program");
	const char *directory = scratch_path(scratch, "lib");

	assert_ok(notice_check_program("/bin/sh", &why));
	assert_err(ERR_MISSING, notice_check_program("/bin/nonexistent", &why));
	assert_err(ERR_MISSING, notice_check_program("/nonexistent/a", &why));
	assert_err(ERR_UNSAFE, notice_check_program("/usr/bin", &why));
	/* Below a directory that all may write to. */
	scratch_write(program, "#!/bin/sh\n", 10, 0755);
	assert_err(ERR_UNSAFE, notice_check_program(program, &why));
	assert_says("others can write");
	assert_int_equal(chmod(directory, 0777), 0);
}

#define PROGRAM_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PROGRAM_TEST(test_it_gets_the_notice_and_nothing_else),
	    PROGRAM_TEST(test_it_fails),
	    PROGRAM_TEST(test_it_leaves_something_behind),
	    PROGRAM_TEST(test_it_hangs),
	    PROGRAM_TEST(test_words),
	    PROGRAM_TEST(test_whose_it_is),
	};

	return unit_run(tests);
}
