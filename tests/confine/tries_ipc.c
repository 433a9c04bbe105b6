/* Through sockets, shared memory, queues, and the kernel's own workers. */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tries.h"

static int
socket_in_run(void)
{
	return outside_connect("/run/outside/socket");
}

static int
socket_in_tmp(void)
{
	return outside_connect("/tmp/outside");
}

static int
socket_at_home(void)
{
	return outside_connect("socket");
}

static int
abstract_socket(void)
{
	return outside_connect("@outside");
}

static int
sysv_memory(void)
{
	int id = shmget(OUTSIDE_KEY, 0, 0);

	if (id < 0)
		return errno;
	return shmat(id, NULL, 0) == (void *)-1 ? errno : 0;
}

static int
sysv_queue(void)
{
	struct {
		long type;
		char text;
	} message = {1, 'x'};

	return outcome(msgsnd(msgget(OUTSIDE_KEY, 0), &message, 1, IPC_NOWAIT));
}

static int
sysv_semaphore(void)
{
	struct sembuf up = {0, 1, IPC_NOWAIT};

	return outcome(semop(semget(OUTSIDE_KEY, 0, 0), &up, 1));
}

static int
posix_memory(void)
{
	return outcome(shm_open(OUTSIDE_NAME, O_RDWR, 0));
}

static int
posix_queue(void)
{
	return outcome(mq_open(OUTSIDE_NAME, O_WRONLY));
}

/* Landlock has no rule that could allow it. */
static int
own_queue(void)
{
	if (mq_open("/own", O_CREAT | O_RDWR, 0600, NULL) == -1)
		return errno;
	return outcome(mq_unlink("/own"));
}

static int
posix_semaphore(void)
{
	return sem_open(OUTSIDE_NAME, 0) == SEM_FAILED ? errno : 0;
}

/* Has the kernel do one operation, and returns its result. */
static int
uring(const struct io_uring_sqe *operation)
{
	static const unsigned ONE = 1;
	struct io_uring_params params = {0};
	int fd = (int)syscall(SYS_io_uring_setup, 1, &params);
	struct io_uring_sqe *entries;
	const struct io_uring_cqe *done;
	char *rings;

	if (fd < 0)
		return errno;
	rings = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    IORING_OFF_SQ_RING);
	entries = mmap(NULL, sizeof(*entries), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, IORING_OFF_SQES);
	if (rings == MAP_FAILED || entries == MAP_FAILED)
		return errno;
	entries[0] = *operation;
	memset(rings + params.sq_off.array, 0, sizeof(unsigned));
	memcpy(rings + params.sq_off.tail, &ONE, sizeof(ONE));
	if (syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL,
		0) != 1)
		return errno;
	done = (void *)(rings + params.cq_off.cqes);
	return done->res < 0 ? -done->res : 0;
}

static int
uring_create(void)
{
	static const char NAME[] = "new";

	return uring(&(struct io_uring_sqe){
	    .opcode = IORING_OP_OPENAT,
	    .fd = AT_FDCWD,
	    .addr = (uintptr_t)NAME,
	    .len = 0600,
	    .open_flags = O_WRONLY | O_CREAT | O_EXCL,
	});
}

/* Always on a worker thread of the kernel. */
static int
uring_unlink(void)
{
	static const char NAME[] = "file";

	return uring(&(struct io_uring_sqe){
	    .opcode = IORING_OP_UNLINKAT,
	    .flags = IOSQE_ASYNC,
	    .fd = AT_FDCWD,
	    .addr = (uintptr_t)NAME,
	});
}

static int
add_key(void)
{
	long key = syscall(SYS_add_key, "user", "apitoken-test", "x", 1,
	    KEY_SPEC_USER_KEYRING);

	if (key < 0)
		return errno;
	return outcome(
	    syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING));
}

static int
lock_file(void)
{
	return outcome(flock(open("file", O_RDONLY), LOCK_EX | LOCK_NB));
}

const struct try tries_ipc[] = {
    {"refused", "a socket in /run", socket_in_run},
    {"refused", "a socket in /tmp", socket_in_tmp},
    {"refused", "an abstract socket", abstract_socket, 6},
    {"refused", "System V shared memory", sysv_memory},
    {"refused", "System V message queue", sysv_queue},
    {"refused", "System V semaphore", sysv_semaphore},
    {"refused", "POSIX shared memory", posix_memory},
    {"refused", "POSIX message queue", posix_queue},
    {"refused", "POSIX message queue of its own", own_queue},
    {"refused", "POSIX semaphore", posix_semaphore},
    {"refused", "io_uring: open", uring_create},
    {"refused", "io_uring: unlink, by a worker", uring_unlink},
    {"remains", "a socket elsewhere", socket_at_home},
    {"remains", "the user's keyring", add_key},
    {"remains", "a lock", lock_file},
    {0},
};
