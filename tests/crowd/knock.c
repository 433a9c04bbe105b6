/*
 * knock hold COUNT: comes to the door so many times, prints how many times it
 * was let in, and stays there without a word until its input ends.
 * knock flood: comes and goes, until it is killed.
 * knock talk <FILE: says each line of the file, and prints what is answered.
 * knock session ID USER: has a session of this token listed, as only root may.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/deadline.h"
#include "door/door_client.h"

#define SOCKET "/run/apitoken-door/socket"
#define MOST 512

static int
come(void)
{
	const struct sockaddr_un address = {
	    .sun_family = AF_UNIX, .sun_path = SOCKET};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd >= 0 &&
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) ==
		0)
		return fd;
	perror("knock");
	exit(2);
}

static int
hold(unsigned long count)
{
	unsigned greeted = 0;
	char bytes[64];
	int fds[MOST];

	for (unsigned long i = 0; i < count && i < MOST; i++)
		fds[i] = come();
	for (unsigned long i = 0; i < count && i < MOST; i++)
		greeted += recv(fds[i], bytes, sizeof(bytes), 0) > 0;
	printf("%u\n", greeted);
	(void)fflush(stdout);
	while (read(STDIN_FILENO, bytes, sizeof(bytes)) > 0)
		continue;
	return 0;
}

static _Noreturn void
flood(void)
{
	for (;;)
		(void)close(come());
}

static int
talk(void)
{
	char line[8192];
	int status = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char answer[4096];
		int fd = come();
		ssize_t got = recv(fd, answer, sizeof(answer), 0);

		if (got > 0 && send(fd, line, strlen(line), MSG_NOSIGNAL) > 0)
			got = recv(fd, answer, sizeof(answer), 0);
		if (got > 0) {
			printf("answered: %.20s\n", line);
			status = 1;
		}
		(void)close(fd);
	}
	return status;
}

static int
open_session(const char *id, const char *user)
{
	const struct attempt attempt = {
	    .id = id,
	    .user = user,
	    .service = "su",
	    .need = "read",
	    .deadline = deadline_in(10000),
	};
	struct session session = {.name = "forged"};
	struct error why = {""};
	bool is_listed;
	enum err rc = door_open_session(
	    &session, false, &is_listed, &attempt, SOCKET, &why);

	printf("%s\n", rc == ERR_OK ? "listed" : error_name(rc));
	return rc != ERR_OK;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "hold") == 0)
		return hold(strtoul(argv[2], NULL, 10));
	if (argc == 2 && strcmp(argv[1], "flood") == 0)
		flood();
	if (argc == 2 && strcmp(argv[1], "talk") == 0)
		return talk();
	if (argc == 4 && strcmp(argv[1], "session") == 0)
		return open_session(argv[2], argv[3]);
	fputs("usage: knock hold COUNT | flood | talk | session ID USER\n",
	    stderr);
	return 2;
}
