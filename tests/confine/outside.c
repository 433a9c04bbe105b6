/* The process outside: see tries.h. */
#include <err.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pty.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tries.h"

#define SOCKETS 4
static const char *const PATHS[SOCKETS] = {
    "/run/outside/socket", "/tmp/outside", "socket", "@outside"};

static volatile sig_atomic_t signals;
static char memory;

static void
count(int number)
{
	(void)number;
	signals++;
}

/* `@name` is the abstract socket. */
static socklen_t
address_of(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	strcpy(address->sun_path, path);
	if (path[0] == '@')
		address->sun_path[0] = '\0';
	return (
	    socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
}

static int
listen_at(const char *path)
{
	struct sockaddr_un address;
	socklen_t len = address_of(&address, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)unlink(path);
	if (bind(fd, (struct sockaddr *)&address, len) != 0 ||
	    listen(fd, 16) != 0)
		err(1, "%s", path);
	return fd;
}

int
outside_connect(const char *path)
{
	struct sockaddr_un address;
	socklen_t len = address_of(&address, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int rc = connect(fd, (struct sockaddr *)&address, len) != 0 ? errno : 0;

	(void)close(fd);
	return rc;
}

int
outside_signals(void)
{
	struct sockaddr_un address;
	socklen_t len = address_of(&address, "socket");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int found = -1;

	if (connect(fd, (struct sockaddr *)&address, len) != 0 ||
	    read(fd, &found, sizeof(found)) != sizeof(found))
		found = -1;
	(void)close(fd);
	return found;
}

struct outside
outside_find(void)
{
	struct outside outside = {0};
	FILE *file = fopen("outside", "re");

	if (file == NULL || fread(&outside, sizeof(outside), 1, file) != 1)
		err(1, "outside");
	(void)fclose(file);
	return outside;
}

static void
make_objects(void)
{
	int fd;

	/* In a network namespace that only we have. */
	if (shmget(OUTSIDE_KEY, 1, IPC_CREAT | 0600) < 0 ||
	    msgget(OUTSIDE_KEY, IPC_CREAT | 0600) < 0 ||
	    semget(OUTSIDE_KEY, 1, IPC_CREAT | 0600) < 0)
		err(1, "System V");
	fd = shm_open(OUTSIDE_NAME, O_CREAT | O_RDWR, 0600);
	if (fd < 0 || ftruncate(fd, 1) != 0 ||
	    sem_open(OUTSIDE_NAME, O_CREAT, 0600, 0) == SEM_FAILED ||
	    mq_open(OUTSIDE_NAME, O_CREAT | O_RDWR, 0600, NULL) == -1)
		err(1, "POSIX");
}

/* Answers each connection with the number of signals so far. */
static void
serve(int sockets[SOCKETS])
{
	struct pollfd polls[SOCKETS];

	for (int i = 0; i < SOCKETS; i++)
		polls[i] = (struct pollfd){sockets[i], POLLIN, 0};
	for (;;) {
		if (poll(polls, SOCKETS, -1) < 0)
			continue;
		for (int i = 0; i < SOCKETS; i++) {
			int fd, found = signals;

			if ((polls[i].revents & POLLIN) == 0)
				continue;
			fd = accept(sockets[i], NULL, NULL);
			(void)send(fd, &found, sizeof(found), MSG_NOSIGNAL);
			(void)close(fd);
		}
	}
}

void
outside_start(void)
{
	struct outside outside = {.memory = &memory};
	struct sigaction action = {.sa_handler = count};
	int sockets[SOCKETS], master, slave, file;

	(void)sigaction(SIGUSR1, &action, NULL);
	make_objects();
	for (int i = 0; i < SOCKETS; i++)
		sockets[i] = listen_at(PATHS[i]);
	outside.fd = open("held", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (outside.fd < 0 || open("fifo", O_RDWR | O_CLOEXEC) < 0 ||
	    openpty(&master, &slave, outside.tty, NULL, NULL) != 0)
		err(1, "outside");
	if (daemon(1, 0) != 0)
		err(1, "daemon");
	outside.pid = getpid();
	/* Sends them all at once to those who wait. */
	file = open("outside.new", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (write(file, &outside, sizeof(outside)) != sizeof(outside) ||
	    rename("outside.new", "outside") != 0)
		err(1, "outside.new");
	serve(sockets);
}
