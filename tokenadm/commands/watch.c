/*
 * watch: sweeps whenever the account files change, and fully every hour. Each
 * sweep is a separate process, so that a directory that hangs or crashes its
 * client does not hold up the others.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/daemon_signals.h"
#include "cli/text.h"
#include "cli/file_watch.h"
#include "cli/sd_notify.h"
#include "sweep/sweeping.h"
#include "sweep/unused_tokens.h"

/* In milliseconds. */
#define QUIET 100   /* wait for so long without a change */
#define BURST 500   /* wait for continuous changes, at most */
#define BUSY 100    /* retry while too many sweeps run */
#define RETRY 60000 /* after a sweep that failed */
#define HOUR (60 * 60 * 1000)

/* In seconds: how long a sweep may take. */
#define LIMIT 300
#define FULL_LIMIT (50 * 60)

#define CHILDREN_MAX 8 /* sweeps at a time */
#define NEVER INT64_MAX

struct child {
	pid_t pid; /* 0: none */
	bool is_full;
	int64_t since;
};

struct watch {
	struct context *context;
	struct file_watch observe;
	int signals;
	struct child children[CHILDREN_MAX];
	int64_t burst;    /* when the changes began */
	int64_t due;      /* when the next sweep is, or NEVER */
	int64_t full_due; /* likewise, for a full one */
	bool is_over;
};

/* Milliseconds of a monotonic clock that runs during suspend. */
static int64_t
clock_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum err
begin_observing(struct watch *watch)
{
	const char *config = watch->context->config_file;
	const char *const paths[] = {
	    "/etc/passwd",
	    "/etc/shadow",
	    config_file_name(config),
	};

	return file_watch_begin(&watch->observe, paths,
	    sizeof(paths) / sizeof(paths[0]), &watch->context->error);
}

static enum err
begin(struct watch *watch)
{
	enum err rc = daemon_signals_open(
	    &watch->signals, &watch->context->error);

	return rc == ERR_OK ? begin_observing(watch) : rc;
}

/* Runs in a sweep's process, with the current config. */
static int
sweep_in_child(struct context *context, bool is_full)
{
	struct sweeping how = {
	    .by = "watch",
	    .local_only = !is_full,
	    .is_quiet = true,
	    .most_alone = 10,
	};
	enum err rc;

	context->now = time(NULL);
	config_free(&context->config);
	rc = config_read(
	    &context->config, context->config_file, &context->error);
	if (rc == ERR_OK)
		rc = sweeping_run(context, &how);
	(void)fflush(stdout);
	if (rc == ERR_OK)
		return 0;
	fputs("tokenadm: watch: ", stderr);
	text_print(stderr,
	    context->error.text[0] != '\0' ? context->error.text
					   : error_name(rc));
	fputc('\n', stderr);
	/* A sweep that stopped itself would do so again: do not retry. */
	return rc == ERR_POLICY ? 0 : 1;
}

static struct child *
find_child(struct watch *watch, pid_t pid)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (watch->children[i].pid == pid)
			return &watch->children[i];
	return NULL;
}

static bool
has_full(const struct watch *watch)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (watch->children[i].pid != 0 && watch->children[i].is_full)
			return true;
	return false;
}

/*
 * Kills the oldest sweep that is not full: it waits for a directory that hangs,
 * and the next sweep does the same work.
 */
static void
end_oldest(const struct watch *watch)
{
	const struct child *oldest = NULL;

	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		const struct child *one = &watch->children[i];

		if (one->pid != 0 && !one->is_full &&
		    (oldest == NULL || one->since < oldest->since))
			oldest = one;
	}
	if (oldest != NULL)
		(void)kill(oldest->pid, SIGTERM);
}

/* False if that is not possible now. Only one full sweep runs at a time. */
static bool
start_sweep(struct watch *watch, bool is_full)
{
	struct child *child = find_child(watch, 0);
	pid_t parent = getpid(), pid;

	if (is_full && has_full(watch))
		return false;
	if (child == NULL) {
		end_oldest(watch);
		return false;
	}
	(void)fflush(NULL);
	pid = fork();
	if (pid < 0)
		return false;
	if (pid > 0) {
		*child = (struct child){pid, is_full, clock_now()};
		return true;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	daemon_signals_give_back();
	if (getppid() != parent)
		_exit(1);
	(void)alarm(is_full ? FULL_LIMIT : LIMIT);
	_exit(sweep_in_child(watch->context, is_full));
}

/* A sweep that exited by itself has said why. */
static void
report_crash(int status)
{
	if (WIFSIGNALED(status))
		fprintf(stderr, "tokenadm: watch: a sweep died: %s\n",
		    strsignal(WTERMSIG(status)));
}

static void
reap(struct watch *watch)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child *child = find_child(watch, pid);
		int64_t *due;

		if (child == NULL)
			continue;
		due = child->is_full ? &watch->full_due : &watch->due;
		child->pid = 0;
		report_crash(status);
		if ((!WIFEXITED(status) || WEXITSTATUS(status) != 0) &&
		    *due > clock_now() + RETRY)
			*due = clock_now() + RETRY;
	}
}

/* Schedules a sweep after a quiet time, or when a burst lasts too long. */
static void
note_change(struct watch *watch)
{
	int64_t now = clock_now();

	if (watch->burst == NEVER)
		watch->burst = now;
	watch->due = now + QUIET;
	if (watch->due > watch->burst + BURST)
		watch->due = watch->burst + BURST;
}

static void
take_signals(struct watch *watch)
{
	struct signalfd_siginfo info;

	while (read(watch->signals, &info, sizeof(info)) ==
	    (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(watch);
		else if (info.ssi_signo == SIGHUP)
			watch->full_due = clock_now();
		else
			watch->is_over = true;
	}
}

static enum err
take_changes(struct watch *watch)
{
	if (!file_watch_read(&watch->observe))
		return ERR_OK;
	note_change(watch);
	file_watch_end(&watch->observe);
	return begin_observing(watch);
}

/* Starts what is due. */
static void
start_due(struct watch *watch)
{
	int64_t now = clock_now();

	if (now >= watch->full_due)
		watch->full_due = now +
		    (start_sweep(watch, true) ? HOUR : RETRY);
	if (now < watch->due)
		return;
	watch->burst = NEVER;
	watch->due = start_sweep(watch, false) ? NEVER : now + BUSY;
}

static enum err
wait_and_take(struct watch *watch)
{
	struct pollfd fds[] = {
	    {.fd = watch->signals, .events = POLLIN},
	    {.fd = watch->observe.fd, .events = POLLIN},
	};
	int64_t next = watch->due < watch->full_due ? watch->due
						    : watch->full_due;
	int64_t rest = next - clock_now();

	if (poll(fds, 2, rest < 0 ? 0 : (int)rest) < 0 && errno != EINTR)
		return error_set(&watch->context->error, ERR_SYSTEM, "poll: %s",
		    strerror(errno));
	take_signals(watch);
	return take_changes(watch);
}

/* A sweep finishes its transaction first: it blocks signals. */
static void
end(struct watch *watch)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (watch->children[i].pid != 0)
			(void)kill(watch->children[i].pid, SIGTERM);
	while (wait(NULL) > 0 || errno == EINTR)
		continue;
	if (watch->is_over)
		unused_tokens_stop(&watch->context->config, time(NULL));
	file_watch_end(&watch->observe);
	if (watch->signals >= 0)
		(void)close(watch->signals);
}

static enum err
run(struct context *context, const struct args *args)
{
	struct watch watch = {
	    .context = context,
	    .observe = {.fd = -1},
	    .signals = -1,
	    .burst = NEVER,
	    .due = NEVER,
	    .full_due = clock_now(),
	};
	enum err rc = begin(&watch);

	(void)args;
	if (rc == ERR_OK)
		notify_manager("READY=1");
	while (rc == ERR_OK && !watch.is_over) {
		start_due(&watch);
		rc = wait_and_take(&watch);
	}
	notify_manager("STOPPING=1");
	end(&watch);
	return rc;
}

static const struct option_spec OPTIONS[] = {{0}};

const struct command command_watch = {
    .name = "watch",
    .operands = "",
    .summary = "Sweep whenever accounts change, and every hour",
    .options = OPTIONS,
    .run = run,
};
