/*
 * everybody SERVICE PROGRAM [listen|close] <LOGINS: a server that logs in all
 * of its users in this one process. Each line `USER PASSWORD` is a login; for
 * each, `PROGRAM infinity` runs as the user with his PAM environment, and its
 * pid is printed. With `listen` the server also waits for connections; with
 * `close` it closes the PAM session right after the login, as pure-ftpd does.
 */
#include <err.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/client.h"

static void
run_as(const char *user, char *program, char **environment)
{
	const struct passwd *passwd = getpwnam(user);
	static char forever[] = "infinity";
	char *const arguments[] = {program, forever, NULL};

	if (passwd == NULL || initgroups(user, passwd->pw_gid) != 0 ||
	    setgid(passwd->pw_gid) != 0 || setuid(passwd->pw_uid) != 0)
		err(1, "%s", user);
	(void)execve(program, arguments, environment);
	err(1, "%s", program);
}

static void
log_in(const char *service, const char *user, const char *password,
    char *program, int closes)
{
	pam_handle_t *pamh = client_start(service, user, password);
	pid_t pid;

	if (pamh == NULL || pam_authenticate(pamh, 0) != PAM_SUCCESS ||
	    pam_acct_mgmt(pamh, 0) != PAM_SUCCESS ||
	    pam_setcred(pamh, PAM_ESTABLISH_CRED) != PAM_SUCCESS ||
	    pam_open_session(pamh, 0) != PAM_SUCCESS)
		errx(1, "%s: refused", user);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0)
		run_as(user, program, pam_getenvlist(pamh));
	if (closes && pam_close_session(pamh, 0) != PAM_SUCCESS)
		errx(1, "%s: close_session", user);
	printf("%d\n", (int)pid);
	(void)fflush(stdout);
}

/* On an address chosen by the kernel. */
static void
wait_for_connections(void)
{
	const struct sockaddr_un any = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&any, sizeof(any.sun_family)) !=
		0 ||
	    listen(fd, 1) != 0)
		err(1, "listen");
}

int
main(int argc, char **argv)
{
	const char *how = argc > 3 ? argv[3] : "";
	char line[512];

	if (argc < 3)
		errx(2, "usage: everybody SERVICE PROGRAM [listen|close]");
	if (strcmp(how, "listen") == 0)
		wait_for_connections();
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *password = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (password == NULL)
			errx(2, "%s: no password", line);
		*password++ = '\0';
		log_in(argv[1], line, password, argv[2],
		    strcmp(how, "close") == 0);
	}
	for (;;)
		(void)pause();
}
