/*
 * confine [COUNT]: what it costs to confine a session, in microseconds: the
 * median, and the slowest of a hundred. As root, in a process for each.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "confinement.h"

static double
now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void
measure(int out)
{
	struct config config;
	struct error why = {""};
	double start, taken;

	if (config_read(&config, NULL, &why) != ERR_OK)
		errx(1, "%s", why.text);
	start = now();
	if (confinement_enter(&config, 1, "/", &why) != ERR_OK)
		errx(1, "%s", why.text);
	taken = now() - start;
	if (write(out, &taken, sizeof(taken)) != sizeof(taken))
		err(1, "write");
	_exit(0);
}

static double
measure_once(void)
{
	double taken;
	int fds[2];
	pid_t pid;

	if (pipe(fds) != 0)
		err(1, "pipe");
	pid = fork();
	if (pid == 0)
		measure(fds[1]);
	(void)close(fds[1]);
	if (pid < 0 || read(fds[0], &taken, sizeof(taken)) != sizeof(taken))
		errx(1, "a session could not be confined");
	(void)close(fds[0]);
	(void)waitpid(pid, NULL, 0);
	return taken;
}

static int
compare(const void *a, const void *b)
{
	const double *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

int
main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
	double *all = count > 0 ? calloc((size_t)count, sizeof(*all)) : NULL;

	if (all == NULL)
		errx(2, "usage: confine [COUNT]");
	for (long i = 0; i < count; i++)
		all[i] = measure_once();
	qsort(all, (size_t)count, sizeof(*all), compare);
	printf(
	    "%.0f us, 99%%: %.0f us\n", all[count / 2], all[count * 99 / 100]);
	free(all);
	return 0;
}
