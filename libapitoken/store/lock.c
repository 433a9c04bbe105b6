#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/fork_mutex.h"
#include "base/retry.h"
#include "base/safe_file.h"

#define MILLISECOND INT64_C(1000000)
#define FIRST_PAUSE (MILLISECOND / 10)
#define LONGEST_PAUSE (2 * MILLISECOND)
#define GATE_CLOSED (100 * MILLISECOND) /* at a stretch */
#define GATE_OPEN (5 * MILLISECOND)

#define GATE 0
#define INSIDE 1

static struct fork_mutex mutex = FORK_MUTEX_NEW;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool prepared;        /* the fork handlers are in place */
static atomic_int held = -1; /* the descriptor that holds the lock */

static void
before_fork(void)
{
	fork_mutex_before(&mutex);
}

static void
after_fork_in_parent(void)
{
	fork_mutex_in_parent(&mutex);
}

static void
after_fork_in_child(void)
{
	if (!fork_mutex_in_child(&mutex))
		return;
	/* The copy would keep the lock if the parent is killed. */
	if (held >= 0)
		(void)close(held);
	held = -1;
}

static void
prepare(void)
{
	prepared = pthread_atfork(before_fork, after_fork_in_parent,
		       after_fork_in_child) == 0;
}

/*
 * Sleeps until the deadline at most, a quarter longer each time: a wait for a
 * commit overshoots by a fraction of its length only.
 */
static void
pause_for(int64_t *pause, int64_t deadline)
{
	int64_t left = deadline - deadline_in(0);
	struct timespec span = deadline_timespec(*pause < left ? *pause : left);

	if (left > 0)
		(void)nanosleep(&span, NULL);
	*pause += *pause / 4;
	if (*pause > LONGEST_PAUSE)
		*pause = LONGEST_PAUSE;
}

enum err
lock_create(const char *path, struct error *why)
{
	int fd = retry_openat(AT_FDCWD, path,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);

	if (fd < 0)
		return error_set(why, errno == ELOOP ? ERR_UNSAFE : ERR_SYSTEM,
		    "%s: cannot create: %s", path, strerror(errno));
	(void)close(fd);
	return ERR_OK;
}

/* Sets or drops the lock on len bytes. ERR_BUSY if another has it. */
static enum err
set_bytes(int fd, short type, off_t start, off_t len)
{
	struct flock bytes = {
	    .l_type = type,
	    .l_whence = SEEK_SET,
	    .l_start = start,
	    .l_len = len,
	};

	if (fcntl(fd, F_OFD_SETLK, &bytes) == 0)
		return ERR_OK;
	return errno == EAGAIN || errno == EACCES || errno == EINTR
	    ? ERR_BUSY
	    : ERR_SYSTEM;
}

/* One try of a reader: it passes the gate and leaves it open. */
static enum err
try_shared(int fd)
{
	enum err rc = set_bytes(fd, F_RDLCK, GATE, INSIDE + 1);

	return rc == ERR_OK ? set_bytes(fd, F_UNLCK, GATE, 1) : rc;
}

/* Releases lock and mutex. */
static void
drop(struct lock *lock)
{
	/* A fork that did not wait may have left a copy: unlock, then close. */
	(void)set_bytes(lock->fd, F_UNLCK, GATE, INSIDE + 1);
	held = -1;
	(void)close(lock->fd);
	lock->fd = -1;
	fork_mutex_give_back(&mutex);
}

static enum err
busy(const char *path, struct error *why)
{
	return error_set(why, ERR_BUSY,
	    "%s: held by another process for too long; see who: fuser -v %s",
	    path, path);
}

/*
 * Takes both mutex and lock or neither: a waiting reader holds nothing that a
 * fork would have to wait for.
 */
static enum err
acquire_shared(
    struct lock *lock, const char *path, int64_t deadline, struct error *why)
{
	enum err rc;

	if (!fork_mutex_take(&mutex, deadline))
		return busy(path, why);
	rc = safe_open(path, O_RDONLY, SAFE_PRIVATE, &lock->fd, why);
	if (rc == ERR_OK) {
		held = lock->fd;
		rc = try_shared(lock->fd);
		if (rc == ERR_OK)
			return ERR_OK;
		if (rc == ERR_SYSTEM)
			(void)error_set(why, rc, "%s: cannot lock: %s", path,
			    strerror(errno));
		held = -1;
		(void)close(lock->fd);
		lock->fd = -1;
	}
	fork_mutex_give_back(&mutex);
	return rc;
}

/*
 * Lets the readers through for a moment: otherwise one that has stopped inside
 * would keep out all others while a writer waits for it.
 */
static void
open_gate(int fd)
{
	struct timespec span = deadline_timespec(GATE_OPEN);

	(void)set_bytes(fd, F_UNLCK, GATE, 1);
	(void)nanosleep(&span, NULL);
}

/* Tries until then, and once more at its end. ERR_BUSY, ERR_SYSTEM. */
static enum err
wait_for_byte(int fd, off_t byte, int64_t until)
{
	int64_t pause = FIRST_PAUSE;
	enum err rc;

	while ((rc = set_bytes(fd, F_WRLCK, byte, 1)) == ERR_BUSY &&
	    deadline_in(0) < until)
		pause_for(&pause, until);
	return rc;
}

/*
 * Closes the gate, and waits for those inside. However late it is woken on a
 * busy machine, it looks inside before it opens the gate again: those who were
 * there have had all that time to leave, and nobody has come in.
 */
static enum err
wait_exclusive(int fd, int64_t deadline)
{
	for (;;) {
		enum err rc = wait_for_byte(fd, GATE, deadline);
		int64_t opening = deadline_in(0) + GATE_CLOSED;

		if (rc == ERR_OK)
			rc = wait_for_byte(fd, INSIDE,
			    opening < deadline ? opening : deadline);
		if (rc != ERR_BUSY || deadline_in(0) >= deadline)
			return rc;
		open_gate(fd);
	}
}

/* A writer must keep the gate, and so holds the mutex while it waits. */
static enum err
acquire_exclusive(
    struct lock *lock, const char *path, int64_t deadline, struct error *why)
{
	enum err rc;

	if (!fork_mutex_take(&mutex, deadline))
		return busy(path, why);
	rc = safe_open(path, O_RDWR, SAFE_PRIVATE, &lock->fd, why);
	if (rc != ERR_OK) {
		fork_mutex_give_back(&mutex);
		return rc;
	}
	held = lock->fd;
	rc = wait_exclusive(lock->fd, deadline);
	if (rc == ERR_OK)
		return ERR_OK;
	if (rc == ERR_SYSTEM)
		(void)error_set(
		    why, rc, "%s: cannot lock: %s", path, strerror(errno));
	else
		(void)busy(path, why);
	drop(lock);
	return rc;
}

static enum err
acquire(struct lock *lock, const char *path, enum lock_mode mode,
    int64_t deadline, struct error *why)
{
	int64_t pause = FIRST_PAUSE;
	enum err rc;

	if (mode == LOCK_EXCLUSIVE)
		return acquire_exclusive(lock, path, deadline, why);
	while ((rc = acquire_shared(lock, path, deadline, why)) == ERR_BUSY &&
	    deadline_in(0) < deadline)
		pause_for(&pause, deadline);
	return rc == ERR_BUSY ? busy(path, why) : rc;
}

enum err
lock_acquire(struct lock *lock, const char *path, enum lock_mode mode,
    int64_t deadline, struct error *why)
{
	enum err rc;

	lock->fd = -1;
	(void)pthread_once(&once, prepare);
	if (!prepared)
		return error_plain(why, ERR_NOMEM);
	if (fork_mutex_is_lost(&mutex))
		return error_set(why, ERR_BUSY,
		    "%s: this process was forked while another thread of its "
		    "parent used the store; restart it",
		    path);
	/* A thread that is cancelled in here would keep the mutex. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &lock->cancel);
	rc = acquire(lock, path, mode, deadline, why);
	if (rc != ERR_OK)
		(void)pthread_setcancelstate(lock->cancel, NULL);
	return rc;
}

void
lock_release(struct lock *lock)
{
	if (lock->fd < 0)
		return;
	drop(lock);
	(void)pthread_setcancelstate(lock->cancel, NULL);
}
