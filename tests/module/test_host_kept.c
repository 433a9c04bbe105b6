/*
 * The host is left as it was: all that can be seen of its process from inside
 * is the same before and after each hook, whatever comes of the login; and a
 * thousand logins take no more memory than one.
 */
#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "forked.h"
#include "hoststate.h"
#include "troubles.h"

#define LOGINS 1000 /* and with APITOKEN_TORTURE, a hundred times as many */

/* Of all processes of a test: shared with those that it forks. */
static struct {
	unsigned hooks, changes;
} * seen;

static bool is_watched = true;
static const char *heading = "";
static const char *const *may_differ;
static char *before;

#pragma GCC visibility push(default)

void host_before_hook(const char *name);
void host_after_hook(const char *name);

void
host_before_hook(const char *name)
{
	(void)name;
	before = is_watched ? hoststate_take() : NULL;
}

void
host_after_hook(const char *name)
{
	char where[200], *after = is_watched ? hoststate_take() : NULL;

	(void)snprintf(where, sizeof(where), "%s: %s", heading, name);
	if (is_watched) {
		seen->hooks++;
		seen->changes += before == NULL || after == NULL
		    ? 1
		    : hoststate_compare(where, before, after, may_differ);
	}
	free(before);
	free(after);
}

#pragma GCC visibility pop

static void
handle(int number)
{
	(void)number;
}

static int
await_end(void *arg)
{
	(void)arg;
	for (;;)
		(void)pause();
	return 0;
}

/* A host that has something of everything that could be lost. */
static pid_t
make_peculiar(void)
{
	static const int HANDLED[] = {
	    SIGPIPE, SIGCHLD, SIGUSR1, SIGXFSZ, SIGHUP, SIGTERM};
	static char stack[65536];
	const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {
	    .sa_handler = handle, .sa_flags = SA_RESTART | SA_ONSTACK};
	struct itimerval slowly = {{3600, 0}, {3600, 0}};
	struct rlimit files = {200, 200};
	sigset_t blocked;
	timer_t timer;

	for (size_t i = 0; i < COUNT_OF(HANDLED); i++) {
		(void)sigemptyset(&action.sa_mask);
		(void)sigaddset(&action.sa_mask, SIGUSR2);
		assert_int_equal(sigaction(HANDLED[i], &action, NULL), 0);
	}
	(void)sigemptyset(&blocked);
	(void)sigaddset(&blocked, SIGUSR1);
	(void)sigaddset(&blocked, SIGWINCH);
	assert_int_equal(sigprocmask(SIG_BLOCK, &blocked, NULL), 0);
	assert_int_equal(raise(SIGUSR1), 0); /* which is pending now */
	assert_int_equal(sigaltstack(&alternate, NULL), 0);
	assert_int_equal(setitimer(ITIMER_VIRTUAL, &slowly, NULL), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	assert_int_equal(setpriority(PRIO_PROCESS, 0, 1), 0);
	assert_int_equal(setenv("TZ", "<+0545>-5:45", 1), 0);
	(void)setlocale(LC_ALL, "C.UTF-8");
	(void)umask(S_IWGRP | S_IROTH | S_IXOTH);
	(void)fesetround(FE_UPWARD);
	openlog("peculiar", LOG_PID | LOG_NDELAY, LOG_LOCAL3);
	(void)setlogmask(LOG_UPTO(LOG_ERR));
	syslog(LOG_LOCAL3 | LOG_DEBUG, "not to be logged");
	tzset();
	return child_start(await_end, NULL);
}

static int
setup_kept(void **state)
{
	seen->hooks = 0;
	seen->changes = 0;
	is_watched = true;
	return host_setup(state);
}

static void
expect_kept(const char *row, unsigned hooks)
{
	assert_row(row, seen->hooks == hooks);
	assert_row(row, seen->changes == 0);
	seen->hooks = 0;
}

/* All hooks that there are, whatever they return. */
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
	heading = what;
	host_start(host, ALICE, password);
	call_all(host);
	expect_kept(what, HOOKS);
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

/* What may come of a login when all is well. */
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
	token_make(token, id);
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

		assert_int_equal(setup_kept(state), 0);
		host = *state;
		heading = trouble->name;
		host_issue(host, token, NULL);
		if (i % 2 == 0)
			trouble->make(host);
		host_start(host, ALICE, token);
		if (i % 2 == 1) {
			(void)pam_authenticate(host->pamh, 0);
			trouble->make(host);
		}
		call_all(host);
		expect_kept(trouble->name, i % 2 == 0 ? HOOKS : HOOKS + 1);
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
	heading = "forked";
	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	forked_log_in(host, token);
	expect_kept(heading, 2);
	call_all(host);
	expect_kept(heading, HOOKS);
}

/* Whose standard descriptors are closed: nothing else may take their place. */
static void
test_closed_descriptors(void **state)
{
	struct host *host = *state;
	char token[TOKEN_LEN + 1];
	int saved[3];

	host_issue(host, token, NULL);
	heading = "closed";
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
	expect_kept(heading, HOOKS);
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

static void
log_in_often(struct host *host, const char *token, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		host_start(host, ALICE, i % 2 == 0 ? token : "secret");
		call_all(host);
		(void)pam_end(host->pamh, PAM_SUCCESS);
		host->pamh = NULL;
	}
}

/* What the sanitizers' allocator has, mallinfo2 does not know. */
static void
test_growth(void **state)
{
	const bool is_long = getenv("APITOKEN_TORTURE") != NULL;
	unsigned mappings, logins = is_long ? 100 * LOGINS : LOGINS;
	struct host *host = *state;
	char token[TOKEN_LEN + 1];
	size_t used;

	is_watched = false;
	host_issue(host, token, NULL);
	log_in_often(host, token, 20);
	mappings = count_mappings();
	used = mallinfo2().uordblks;
	log_in_often(host, token, logins);
	print_message("# %u logins: %zu bytes more, %u mappings\n", logins,
	    mallinfo2().uordblks - used, count_mappings());
	assert_int_equal(mallinfo2().uordblks, used);
	assert_true(count_mappings() <= mappings);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test_setup_teardown(
		test_outcomes, setup_kept, host_teardown),
	    cmocka_unit_test(test_troubles),
	    cmocka_unit_test_setup_teardown(
		test_forked, setup_kept, host_teardown),
	    cmocka_unit_test_setup_teardown(
		test_closed_descriptors, setup_kept, host_teardown),
	    cmocka_unit_test_setup_teardown(
		test_growth, setup_kept, host_teardown),
	};
	pid_t child;
	int failed;

	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		return 1;
	child = make_peculiar();
	failed = unit_run(TESTS);
	child_kill(child);
	return failed;
}
