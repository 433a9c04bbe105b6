/*
 * logsink SOCKET FILE: a stand-in for syslog, or a service manager. Every
 * datagram sent to SOCKET, a path or an abstract name after `@`, becomes a line
 * of FILE.
 *
 * It returns when the socket is bound, and continues in the background:
 * everything logged from then on is kept.
 */
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int
bind_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	bool is_abstract = path[0] == '@';
	int sock;

	if (len >= sizeof(address.sun_path))
		errx(1, "%s: too long for a socket", path);
	strcpy(address.sun_path, path);
	if (is_abstract)
		address.sun_path[0] = '\0';
	len += offsetof(struct sockaddr_un, sun_path);

	sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0 ||
	    bind(sock, (struct sockaddr *)&address, (socklen_t)len) < 0 ||
	    (!is_abstract && chmod(path, 0666) < 0))
		err(1, "%s", path);
	return sock;
}

/* One line, one write: readers never see half a line. */
static void
copy_datagrams(int sock, int file)
{
	char line[16384];
	ssize_t len;

	while ((len = recv(sock, line, sizeof(line) - 1, 0)) >= 0) {
		line[len] = '\n';
		if (write(file, line, (size_t)len + 1) != len + 1)
			return;
	}
}

int
main(int argc, char **argv)
{
	int sock, file;

	if (argc != 3) {
		fprintf(stderr, "usage: logsink SOCKET FILE\n");
		return 2;
	}
	file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (file < 0)
		err(1, "%s", argv[2]);
	sock = bind_socket(argv[1]);
	if (daemon(0, 0) < 0)
		err(1, "daemon");
	copy_datagrams(sock, file);
	return 1;
}
