/*
 * Logins in which, one after the other, each system call and each allocation of
 * each hook fails. Only what the module does, and libpam on its behalf, is
 * counted: the shim arms the fault around each hook.
 *
 * The short form tries 40 faults of each kind of login, chosen by the seed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "inject.h"
#include "logins.h"
#include "plan.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* Leak checkers do not see that the dynamic linker's thread data is in use. */
__attribute__((visibility("default"))) const char *
__lsan_default_suppressions(void)
{
	return "leak:ld-linux";
}
#endif

#define FEW 40
#define DESCRIPTORS 64

/* The fault, and where it hit. */
static struct {
	const char *login; /* its kind */
	struct inject inject;
	struct inject_seen seen;
	char hook[32]; /* the hook that it hit */
} fault;

/* Called by the shim around each hook. */
#pragma GCC visibility push(default)

void host_before_hook(const char *hook);
void host_after_hook(const char *hook);

void
host_before_hook(const char *hook)
{
	(void)hook;
	inject_arm(&fault.inject, &fault.seen);
}

void
host_after_hook(const char *hook)
{
	inject_disarm();
	/* A copy: the shim goes with the login. */
	if (fault.seen.hit && fault.hook[0] == '\0')
		(void)snprintf(fault.hook, sizeof(fault.hook), "%s", hook);
}

#pragma GCC visibility pop

/* Files that a login may write to. */
static const char *const FILES[] = {"lib/tokens.tdb", "lib/usage.tdb"};

static struct image {
	uint8_t *bytes;
	size_t len;
} images[COUNT_OF(FILES)];

static void
take_images(const struct host *host)
{
	for (size_t i = 0; i < COUNT_OF(FILES); i++)
		images[i].bytes = scratch_read(
		    scratch_path(host->scratch, FILES[i]), &images[i].len);
}

#define PAGE 4096

/* Restores the file, writing no more than that takes. */
static void
put_image(const char *path, const struct image *image)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
	uint8_t page[PAGE];

	assert_true(fd >= 0);
	for (size_t at = 0; at < image->len; at += PAGE) {
		size_t left = image->len - at;
		size_t len = left < PAGE ? left : PAGE;

		if (pread(fd, page, len, (off_t)at) == (ssize_t)len &&
		    memcmp(page, image->bytes + at, len) == 0)
			continue;
		assert_int_equal(
		    pwrite(fd, image->bytes + at, len, (off_t)at), len);
	}
	assert_int_equal(ftruncate(fd, (off_t)image->len), 0);
	assert_int_equal(close(fd), 0);
}

static void
put_images(const struct host *host)
{
	for (size_t i = 0; i < COUNT_OF(FILES); i++)
		put_image(scratch_path(host->scratch, FILES[i]), &images[i]);
}

static void
free_images(void)
{
	for (size_t i = 0; i < COUNT_OF(FILES); i++)
		free(images[i].bytes);
}

static int
call_hook(struct host *host, enum step step)
{
	static int (*const HOOKS[])(struct host *) = {
	    host_authenticate,
	    host_account,
	    host_setcred,
	    host_open_session,
	    host_close_session,
	};

	return HOOKS[step](host);
}

/* A password goes on to the next module, which accepts it. */
static bool
goes_on(const struct login *login, enum step step, int code)
{
	if (step != AUTHENTICATE || login->password == NULL)
		return code == PAM_SUCCESS || code == PAM_IGNORE;
	return code == PAM_AUTH_ERR || code == PAM_AUTHINFO_UNAVAIL;
}

/* A login as a program makes it, which ends where it is refused. */
static struct outcome
log_in(
    struct host *host, const struct login *login, const struct inject *inject)
{
	struct outcome outcome;
	bool on = true;

	put_images(host);
	fault.inject = *inject;
	fault.seen = (struct inject_seen){0};
	fault.hook[0] = '\0';
	host_start(host, ALICE,
	    login->password != NULL ? login->password : login_token);
	for (enum step step = AUTHENTICATE; step < STEPS; step++) {
		if (on && login->happens != NULL && login->when == step)
			login->happens(host);
		outcome.codes[step] = on ? call_hook(host, step) : NOT_CALLED;
		on = on && goes_on(login, step, outcome.codes[step]);
	}
	(void)pam_end(host->pamh, PAM_SUCCESS);
	host->pamh = NULL;
	return outcome;
}

/* What each hook may return under a fault, up to the NOT_CALLED. */
static const int OF_TOKENS[STEPS][5] = {
    {PAM_SUCCESS, PAM_PERM_DENIED, PAM_AUTHINFO_UNAVAIL, NOT_CALLED},
    /* PAM_IGNORE: not known to be local, so that others judge, too */
    {PAM_SUCCESS, PAM_PERM_DENIED, PAM_ACCT_EXPIRED, PAM_IGNORE, NOT_CALLED},
    {PAM_SUCCESS, PAM_PERM_DENIED, NOT_CALLED},
    {PAM_SUCCESS, PAM_SESSION_ERR, NOT_CALLED},
    {PAM_SUCCESS, PAM_SESSION_ERR, NOT_CALLED},
};
static const int OF_PASSWORDS[STEPS][5] = {
    {PAM_AUTH_ERR, PAM_AUTHINFO_UNAVAIL, NOT_CALLED},
    {PAM_IGNORE, NOT_CALLED},
    {PAM_IGNORE, NOT_CALLED},
    {PAM_SUCCESS, NOT_CALLED},
    {PAM_SUCCESS, NOT_CALLED},
};

static bool
is_allowed(const int allowed[5], int code)
{
	for (size_t i = 0; allowed[i] != NOT_CALLED; i++)
		if (allowed[i] == code)
			return true;
	return code == NOT_CALLED;
}

/* NULL if every hook returned what it may, or else the culprit. */
static const char *
judge(struct host *host, const struct login *login,
    const struct outcome *outcome, bool is_to_pass)
{
	for (enum step step = AUTHENTICATE; step < STEPS; step++) {
		int code = outcome->codes[step];

		if (!is_allowed(login->password != NULL ? OF_PASSWORDS[step]
							: OF_TOKENS[step],
			code))
			return "returned what it may not";
		if (step == login->ends && goes_on(login, step, code))
			return "LET IN";
		if (is_to_pass && step < login->ends && code == NOT_CALLED)
			return "refused for nothing";
	}
	if (is_to_pass && login->ends == STEPS &&
	    !goes_on(login, CLOSE, outcome->codes[CLOSE]))
		return "refused for nothing";
	if (login->holds != NULL && !login->holds(host, outcome))
		return "left the store as it may not";
	return NULL;
}

static void
complain(const struct outcome *outcome, const char *what)
{
	char name[PLAN_NAME];

	plan_name(&fault.inject, name);
	print_error("%s: %s, in %s: %s; codes", fault.login,
	    plan_text(&fault.inject, &fault.seen), fault.hook, what);
	for (size_t i = 0; outcome != NULL && i < STEPS; i++)
		print_error(" %d", outcome->codes[i]);
	print_error("\nagain: APITOKEN_LOGIN='%s' APITOKEN_CASE='%s' "
		    "tests/faults/test_login\n",
	    fault.login, name);
}

static unsigned
count_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < DESCRIPTORS; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* The same fault again must leave memory and descriptors as it found them. */
static const char *
find_leak(struct host *host, const struct login *login)
{
	struct inject inject = fault.inject;
	unsigned descriptors;
	long live;

	(void)log_in(host, login, &inject);
	live = inject_live();
	descriptors = count_descriptors();
	(void)log_in(host, login, &inject);
	if (inject_live() > live)
		return "leaks memory";
	return count_descriptors() > descriptors ? "leaks a descriptor" : NULL;
}

static bool
try_fault(
    struct host *host, const struct login *login, const struct inject *inject)
{
	static const struct inject NONE = {.at = 0};
	struct outcome outcome = log_in(host, login, inject);
	bool is_to_pass = !fault.seen.hit ||
	    (inject->kind == INJECT_CALL && inject->error == EINTR &&
		calls_is_retried(fault.seen.number));
	const char *wrong = judge(host, login, &outcome, is_to_pass);

	if (wrong == NULL)
		wrong = find_leak(host, login);
	if (wrong != NULL) {
		complain(&outcome, wrong);
		return false;
	}
	outcome = log_in(host, login, &NONE);
	wrong = judge(host, login, &outcome, true);
	if (wrong != NULL) {
		fault.inject = *inject;
		complain(&outcome, "and the next login is not as ever");
	}
	return wrong == NULL;
}

static void
try_all(struct host *host, const struct login *login)
{
	static const struct inject NONE = {.at = 0};
	size_t failed = 0;
	struct outcome outcome;
	struct inject inject;
	struct plan plan;

	fault.login = login->name;
	login->prepare(host);
	take_images(host);
	(void)log_in(host, login, &NONE); /* libc keeps some memory for later */
	outcome = log_in(host, login, &NONE);
	if (judge(host, login, &outcome, true) != NULL)
		complain(&outcome, "not as it should be without a fault");
	assert_null(judge(host, login, &outcome, true));
	plan_start(&plan, &fault.seen, PLAN_FAULTS, FEW);
	while (plan_next(&plan, &inject))
		failed += !try_fault(host, login, &inject);
	print_message("# %s: %zu faults of %zu, in %u calls and %u "
		      "allocations; %zu failed\n",
	    login->name, plan.tried, plan.all, plan.undisturbed.calls,
	    plan.undisturbed.allocations, failed);
	free_images();
	assert_int_equal(failed, 0);
}

static const struct login *current;

static int
set_up(void **state)
{
	current = *state;
	if (host_setup(state) != 0)
		return -1;
	/* After cmocka has set its own handler of the signal. */
	return inject_start() ? 0 : -1;
}

static void
test_login(void **state)
{
	try_all(*state, current);
}

int
main(void)
{
	struct CMUnitTest tests[LOGINS_COUNT];
	const char *only = getenv("APITOKEN_LOGIN");

	for (size_t i = 0; i < LOGINS_COUNT; i++)
		tests[i] = (struct CMUnitTest){
		    .name = LOGINS[i].name,
		    .test_func = test_login,
		    .setup_func = set_up,
		    .teardown_func = host_teardown,
		    .initial_state = (void *)(uintptr_t)&LOGINS[i],
		};
	print_message("# seed %llu\n", (unsigned long long)plan_seed());
	cmocka_set_test_filter(only);
	return unit_run(tests);
}
