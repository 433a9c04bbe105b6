#include "sessions/proc_signal.h"

#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <unistd.h>

/* A pidfd of the process, or -1 if the pid is no longer its own. */
static int
open_process(const struct process *process)
{
	struct process now;
	uint64_t parent;
	int fd = pidfd_open((pid_t)process->pid, 0);

	if (fd < 0)
		return -1;
	/* Opened first, so that what we read now describes it. */
	if (process_read(process->pid, &now, &parent, NULL) == ERR_OK &&
	    process_is_same(&now, process))
		return fd;
	(void)close(fd);
	return -1;
}

static bool
has_ended(int fd, int timeout)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};

	return poll(&wait, 1, timeout) > 0;
}

bool
proc_signal(const struct process *process, int number)
{
	int fd = open_process(process);
	bool sent = fd >= 0 && !has_ended(fd, 0) &&
	    pidfd_send_signal(fd, number, NULL, 0) == 0;

	if (fd >= 0)
		(void)close(fd);
	return sent;
}

bool
proc_wait_for_end(const struct process *process, int timeout)
{
	int fd = open_process(process);
	bool ended = fd < 0 || has_ended(fd, timeout);

	if (fd >= 0)
		(void)close(fd);
	return ended;
}
