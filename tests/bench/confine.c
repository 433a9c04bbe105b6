/*
 * confine [COUNT]: the cost of confining a session, in microseconds: the
 * median, and the slowest of a hundred. Runs as root, one process for each.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine/confinement.h"
#include "times.h"

static void
measure(int out)
{
	struct config config;
	struct error why = {""};
	struct confinement confinement = {0};
	int64_t start, taken;

	if (config_read(&config, NULL, &why) != ERR_OK)
		errx(1, "%s", why.text);
	start = times_now();
	if (confinement_enter(&confinement, &config, 1, "/", &why) != ERR_OK)
		errx(1, "%s", why.text);
	taken = times_now() - start;
	if (write(out, &taken, sizeof(taken)) != sizeof(taken))
		err(1, "write");
	_exit(0);
}

static int64_t
measure_once(void)
{
	int64_t taken;
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

int
main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
	int64_t *all = count > 0 ? calloc((size_t)count, sizeof(*all)) : NULL;

	if (all == NULL)
		errx(2, "usage: confine [COUNT]");
	for (long i = 0; i < count; i++)
		all[i] = measure_once();
	times_sort(all, (size_t)count);
	printf("%.0f us, 99%%: %.0f us\n",
	    times_in(all[count / 2], MICROSECOND),
	    times_in(all[count * 99 / 100], MICROSECOND));
	free(all);
	return 0;
}
