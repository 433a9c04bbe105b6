#include "tokens/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/retry.h"
#include "session/rundir.h"

#define TURNS "turns"
#define PAUSE 5000000 /* nanoseconds between two tries */

static enum err
system_error(struct error *why)
{
	return error_set(why, ERR_SYSTEM,
	    RUNDIR "/" RUNDIR_OWN "/" TURNS ": %s", strerror(errno));
}

/* A byte for each turn of each uid, see F_OFD_SETLK in fcntl(2). */
static enum err
take_byte(
    int fd, enum turn turn, uid_t uid, int64_t deadline, struct error *why)
{
	static const struct timespec SHORT = {.tv_nsec = PAUSE};
	struct flock byte = {
	    .l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = (off_t)turn << 32 | uid,
	    .l_len = 1,
	};

	while (fcntl(fd, F_OFD_SETLK, &byte) != 0) {
		if (errno != EAGAIN)
			return system_error(why);
		if (deadline_in(0) >= deadline)
			return error_set(why, ERR_BUSY,
			    "another command of yours %s; try again when it "
			    "has ended",
			    turn == TURN_CONFIRM ? "asks for the password"
						 : "changes your tokens");
		(void)nanosleep(&SHORT, NULL);
	}
	return ERR_OK;
}

enum err
turn_take(
    int *fd, enum turn turn, uid_t uid, int64_t deadline, struct error *why)
{
	int dir = -1;
	enum err rc = rundir_open(&dir, RUNDIR, RUNDIR_OWN, RUNDIR_MAKE, why);

	if (rc != ERR_OK)
		return rc;
	*fd = retry_openat(dir, TURNS,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	(void)close(dir);
	if (*fd < 0)
		return system_error(why);
	rc = take_byte(*fd, turn, uid, deadline, why);
	if (rc != ERR_OK)
		(void)close(*fd);
	return rc;
}
