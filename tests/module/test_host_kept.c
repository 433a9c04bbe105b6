/*
 * The host is left as it was: everything visible from inside its process is the
 * same before and after each hook, whatever the result; and a thousand logins
 * take no more memory than one.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "forked.h"
#include "troubles.h"
#include "watched.h"

#define LOGINS 1000 /* and with APITOKEN_TORTURE, a hundred times as many */

/* All hooks, whatever they return. */
static void
call_all(struct host *host)
{
	(void)pam_authenticate(host->pamh, 0);
	(void)pam_acct_mgmt(host->pamh, 0);
	(void)pam_setcred(host->pamh, PAM_ESTABLISH_CRED);
	(void)pam_open_session(host->pamh, 0);
	(void)pam_setcred(host->pamh, PAM_REINITIALIZE_CRED);
	(void)pam_close_session(host->pamh, 0);
	(void)pam_setcred(host->pamh, PAM_DELETE_CRED);
}

#define HOOKS 7 /* calls of call_all */

static void
expect_login_keeps(struct host *host, const char *what, const char *password)
{
	watched_begin(what, true);
	host_start(host, ALICE, password);
	call_all(host);
	watched_expect(HOOKS);
}

static void
make_revoked(struct record *record)
{
	record->state = RECORD_REVOKED;
}

static void
make_bobs(struct record *record)
{
	strcpy(record->user, BOB);
	record->uid = UID_BOB;
}

static void
make_expired(struct record *record)
{
	record->expires = record->created.at;
}

static void
make_once(struct record *record)
{
	record->lifetime = RECORD_ONCE;
}

static void
make_until_logout(struct record *record)
{
	record->lifetime = RECORD_UNTIL_LOGOUT;
}

/* The possible results when all is well. */
static void
test_outcomes(void **state)
{
	static const struct {
		const char *name;
		void (*change)(struct record *record);
	} TOKENS[] = {
	    {"a token", NULL},
	    {"a revoked token", make_revoked},
	    {"another user's token", make_bobs},
	    {"an expired token", make_expired},
	    {"a token for one login", make_once},
	    {"a token until logout", make_until_logout},
	};
	struct host *host = *state;
	char token[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];

	for (size_t i = 0; i < COUNT_OF(TOKENS); i++) {
		host_issue(host, token, TOKENS[i].change);
		expect_login_keeps(host, TOKENS[i].name, token);
		expect_login_keeps(host, TOKENS[i].name, token);
	}
	assert_ok(token_make(token, id));
	expect_login_keeps(host, "an unknown token", token);
	token[TOKEN_LEN - 1] ^= 1;
	expect_login_keeps(host, "a damaged token", token);
	expect_login_keeps(host, "a password", "secret");
	expect_login_keeps(host, "no password", NULL);
	host_issue(host, token, NULL);
	users_set_shadow("!$y$hash:20000::::::");
	expect_login_keeps(host, "a locked account", token);
	users_fail(EIO);
	expect_login_keeps(host, "a directory that fails", token);
	host_write_stack(host, "debug need=read");
	expect_login_keeps(host, "debug", token);
	host_write_stack(host, "confine=child");
	expect_login_keeps(host, "a service that is not confined", token);
}

/* Before the login, and after authentication. */
static void
test_troubles(void **state)
{
	char token[TOKEN_LEN + 1];

	for (size_t i = 0; i < 2 * TROUBLE_COUNT; i++) {
		const struct trouble *trouble = &TROUBLES[i / 2];
		struct host *host;

		assert_int_equal(host_setup(state), 0);
		host = *state;
		watched_begin(trouble->name, true);
		host_issue(host, token, NULL);
		if (i % 2 == 0)
			trouble->make(host);
		host_start(host, ALICE, token);
		if (i % 2 == 1) {
			(void)pam_authenticate(host->pamh, 0);
			trouble->make(host);
		}
		call_all(host);
		watched_expect(i % 2 == 0 ? HOOKS : HOOKS + 1);
		trouble_relieve();
		assert_int_equal(host_teardown(state), 0);
	}
}

/* In the child that authenticates, and in the parent that has the session. */
static void
test_forked(void **state)
{
	struct host *host = *state;
	char token[TOKEN_LEN + 1];

	assert_int_equal(mkdir(host->run, S_IRWXU), 0);
	watched_begin("forked, in the child", true);
	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	forked_log_in(host, token);
	watched_expect(2);
	watched_begin("forked, in the parent", true);
	call_all(host);
	watched_expect(HOOKS);
}

/* With closed standard descriptors: nothing else may take their numbers. */
static void
test_closed_descriptors(void **state)
{
	struct host *host = *state;
	char token[TOKEN_LEN + 1];
	int saved[3];

	host_issue(host, token, NULL);
	watched_begin("closed descriptors", true);
	(void)fflush(NULL);
	for (int fd = 0; fd < 3; fd++)
		saved[fd] = dup(fd);
	for (int fd = 0; fd < 3; fd++)
		(void)close(fd);
	host_start(host, ALICE, token);
	call_all(host);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(saved[fd], fd);
	for (int fd = 0; fd < 3; fd++)
		(void)close(saved[fd]);
	watched_expect(HOOKS);
}

/* The last line of a file, which is truncated there. */
static const char *
last_line(int fd, char *text, size_t size)
{
	ssize_t len = pread(fd, text, size - 1, 0);
	char *line;

	assert_true(len > 0);
	text[len - 1] = '\0';
	line = strrchr(text, '\n');
	return line == NULL ? text : line + 1;
}

/* The host's log lines keep the name that it chose. */
static void
test_log(void **state)
{
	struct host *host = *state;
	char token[TOKEN_LEN + 1], text[4096], expected[64];
	int saved = dup(STDERR_FILENO), fd;

	/* Its standard error grows. */
	watched_begin("a log of its own", false);
	host_issue(host, token, NULL);
	fd = open(scratch_path(host->scratch, "log"),
	    O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
	assert_true(fd >= 0);
	(void)setlogmask(LOG_UPTO(LOG_INFO));
	openlog("chosen", LOG_PID | LOG_NDELAY | LOG_PERROR, LOG_LOCAL3);
	assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	host_start(host, ALICE, token);
	call_all(host);
	syslog(LOG_INFO, "of the host");
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	(void)close(saved);
	(void)snprintf(
	    expected, sizeof(expected), "chosen[%d]: of the host", getpid());
	assert_string_equal(last_line(fd, text, sizeof(text)), expected);
	(void)snprintf(
	    expected, sizeof(expected), "chosen[%d]: pam_apitoken(", getpid());
	assert_non_null(strstr(text, expected));
	(void)close(fd);
	openlog("peculiar", LOG_PID | LOG_NDELAY, LOG_LOCAL3);
	(void)setlogmask(LOG_UPTO(LOG_ERR));
}

/* In a separate process, since it cannot be undone. */
static int
run_confined(void *arg)
{
	static const char *const DIFFER[] = {"/proc/self/ns/ipc ",
	    "/proc/self/ns/mnt ",
	    "/proc/self/status NoNewPrivs:", "prctl 39:", NULL};
	struct host *host = arg;

	watched_allow(DIFFER);
	/* Elsewhere it may find itself below a directory that is hidden. */
	CHILD_REQUIRE(chdir("/") == 0);
	CHILD_REQUIRE(pam_authenticate(host->pamh, 0) == PAM_SUCCESS);
	CHILD_REQUIRE(pam_acct_mgmt(host->pamh, 0) == PAM_SUCCESS);
	CHILD_REQUIRE(
	    pam_setcred(host->pamh, PAM_ESTABLISH_CRED) == PAM_SUCCESS);
	CHILD_REQUIRE(pam_open_session(host->pamh, 0) == PAM_SUCCESS);
	(void)pam_close_session(host->pamh, 0);
	(void)pam_setcred(host->pamh, PAM_DELETE_CRED);
	CHILD_REQUIRE(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	return 0;
}

static void
make_read_only(struct record *record)
{
	strcpy(record->scopes, "read");
}

/* This program is not one that the module knows. */
static void
write_confine(struct host *host)
{
	char text[PATH_MAX + 64], program[PATH_MAX] = "";

	assert_true(
	    readlink("/proc/self/exe", program, sizeof(program) - 1) > 0);
	(void)snprintf(text, sizeof(text),
	    "[confine]\nservices = " SERVICE "\nprograms = %s\n", program);
	host_write_config(host, text);
}

/* And comes back to the same files: in a chroot no session is confined. */
static int
make_namespace(void *arg)
{
	struct stat before, after;
	int fd;

	(void)arg;
	if (unshare(CLONE_NEWNS) != 0)
		return 1;
	fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || stat("/", &before) != 0 || setns(fd, CLONE_NEWNS) != 0 ||
	    stat("/", &after) != 0)
		return 1;
	return before.st_dev == after.st_dev && before.st_ino == after.st_ino
	    ? 0
	    : 1;
}

static void
test_confined(void **state)
{
	struct host *host = *state;
	char token[TOKEN_LEN + 1];

	if (geteuid() != 0)
		unit_skip("only root can confine a session");
	if (child_wait(child_start(make_namespace, NULL)) != 0)
		unit_skip("no session can be confined here: a chroot?");
	write_confine(host);
	host_write_stack(host, "confine=process need=read");
	host_issue(host, token, make_read_only);
	host_start(host, ALICE, token);
	watched_begin("confined", true);
	child_expect_success(child_start(run_confined, host));
	watched_expect(6);
}

static unsigned
count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned count = 0;
	int c;

	assert_non_null(maps);
	while ((c = fgetc(maps)) != EOF)
		count += c == '\n';
	(void)fclose(maps);
	return count;
}

/* The sanitizers' functions, if present: they replace malloc. */
__attribute__((weak)) size_t __sanitizer_get_current_allocated_bytes(void);

static size_t
count_bytes(void)
{
	return __sanitizer_get_current_allocated_bytes != NULL
	    ? __sanitizer_get_current_allocated_bytes()
	    : mallinfo2().uordblks;
}

static void
call_none(struct host *host)
{
	(void)host;
}

/* How many bytes more are in use after so many transactions. */
static ssize_t
growth_of(struct host *host, const char *token, unsigned times,
    void (*call)(struct host *))
{
	size_t before = count_bytes();

	assert_int_not_equal(before, 0);
	for (unsigned i = 0; i < times; i++) {
		host_start(host, ALICE, i % 2 == 0 ? token : "secret");
		call(host);
		(void)pam_end(host->pamh, PAM_SUCCESS);
		host->pamh = NULL;
	}
	return (ssize_t)(count_bytes() - before);
}

static void
test_growth(void **state)
{
	const bool is_long = getenv("APITOKEN_TORTURE") != NULL;
	unsigned mappings, logins = is_long ? 100 * LOGINS : LOGINS;
	struct host *host = *state;
	char token[TOKEN_LEN + 1];
	ssize_t without, with;

	watched_begin("many logins", false);
	host_issue(host, token, NULL);
	(void)growth_of(host, token, 20, call_all);
	mappings = count_mappings();
	/* clang's sanitizers keep something of each file that libpam opens. */
	without = growth_of(host, token, logins, call_none);
	with = growth_of(host, token, logins, call_all);
	print_message("# %u logins: %zd bytes and %d mappings more, and %zd "
		      "bytes without the module\n",
	    logins, with, (int)count_mappings() - (int)mappings, without);
	/*
	 * One-time allocations of libc and the sanitizers are no leak; a login
	 * that leaks the smallest block once in eight times is noticed.
	 */
	assert_true(with <= without + 2L * logins);
	assert_true(count_mappings() <= mappings + logins / 10);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test_setup_teardown(
		test_outcomes, host_setup, host_teardown),
	    cmocka_unit_test(test_troubles),
	    cmocka_unit_test_setup_teardown(
		test_forked, host_setup, host_teardown),
	    cmocka_unit_test_setup_teardown(
		test_closed_descriptors, host_setup, host_teardown),
	    cmocka_unit_test_setup_teardown(
		test_log, host_setup, host_teardown),
	    cmocka_unit_test_setup_teardown(
		test_confined, host_setup, host_teardown),
	    cmocka_unit_test_setup_teardown(
		test_growth, host_setup, host_teardown),
	};
	pid_t child;
	int failed;

	child = watched_make();
	failed = unit_run(TESTS);
	child_kill(child);
	return failed;
}
