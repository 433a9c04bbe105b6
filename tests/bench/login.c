/*
 * How long logins take in one process: pam_start, pam_authenticate,
 * pam_acct_mgmt and pam_end, COUNT times, by the stacks in /etc/pam.d. The
 * password comes on standard input.
 *
 *	login [-a] SERVICE USER COUNT		the median, in microseconds
 *	login -p NUMBER SERVICE USER COUNT	logins a second of so many
 *						processes, COUNT of each
 *	login -r RATE SERVICE USER COUNT	so many a second, on a schedule:
 *						the 99th percentile and the
 *						longest, in microseconds, from
 *						when each was due
 *
 * With -a, without pam_acct_mgmt.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/client.h"
#include "times.h"

#define NANOSECONDS INT64_C(1000000000)

struct task {
	const char *service, *user;
	size_t count;
	bool without_account;
	char password[512];
};

static void
sleep_until(int64_t due)
{
	struct timespec time = {
	    .tv_sec = due / NANOSECONDS, .tv_nsec = due % NANOSECONDS};

	while (
	    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0)
		continue;
}

static void
log_in(const struct task *task)
{
	pam_handle_t *pamh = client_start(
	    task->service, task->user, task->password);
	int rc = PAM_BUF_ERR;

	if (pamh != NULL)
		rc = pam_authenticate(pamh, 0);
	if (rc == PAM_SUCCESS && !task->without_account)
		rc = pam_acct_mgmt(pamh, 0);
	client_end(pamh);
	if (rc != PAM_SUCCESS)
		errx(1, "%s: %s: PAM code %d", task->service, task->user, rc);
}

/* One after the other, or, if rate is not 0, each when it is due. */
static void
measure(const struct task *task, int64_t rate, int64_t *times)
{
	int64_t start = times_now();

	for (size_t i = 0; i < task->count; i++) {
		int64_t due = times_now();

		if (rate != 0) {
			due = start + (int64_t)i * NANOSECONDS / rate;
			sleep_until(due);
		}
		log_in(task);
		times[i] = times_now() - due;
	}
}

static void
print_times(const struct task *task, int64_t rate)
{
	int64_t *times = calloc(task->count, sizeof(*times));

	if (times == NULL)
		err(1, "times");
	measure(task, rate, times);
	times_sort(times, task->count);
	if (rate == 0)
		printf("%.1f\n", times_in(times[task->count / 2], MICROSECOND));
	else
		printf("%.1f %.1f\n",
		    times_in(times[task->count * 99 / 100], MICROSECOND),
		    times_in(times[task->count - 1], MICROSECOND));
	free(times);
}

static void
print_rate(const struct task *task, long processes)
{
	int64_t start = times_now();
	int status, failed = 0;

	for (long i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		for (size_t n = 0; pid == 0 && n < task->count; n++)
			log_in(task);
		if (pid == 0)
			_exit(0);
	}
	while (wait(&status) > 0)
		failed |= status;
	if (failed != 0)
		errx(1, "a login failed");
	printf("%.1f\n",
	    (double)processes * (double)task->count /
		times_since(start, SECOND));
}

int
main(int argc, char **argv)
{
	struct task task = {0};
	long processes = 0, rate = 0;
	int option;

	while ((option = getopt(argc, argv, "ap:r:")) != -1) {
		if (option == 'a')
			task.without_account = true;
		else if (option == 'p')
			processes = strtol(optarg, NULL, 10);
		else if (option == 'r')
			rate = strtol(optarg, NULL, 10);
	}
	if (argc - optind == 3) {
		task.service = argv[optind];
		task.user = argv[optind + 1];
		task.count = strtoul(argv[optind + 2], NULL, 10);
	}
	if (task.count == 0 ||
	    fgets(task.password, sizeof(task.password), stdin) == NULL)
		errx(2,
		    "usage: login [-a] [-p NUMBER | -r RATE] "
		    "SERVICE USER COUNT <password");
	task.password[strcspn(task.password, "\n")] = '\0';
	if (processes > 0)
		print_rate(&task, processes);
	else
		print_times(&task, rate);
	return 0;
}
