/*
 * visitor SERVICE LOG: logs in by libpam for each line `USER PASSWORD` that it
 * reads, and answers `START END accepted|refused REASON`: nanoseconds of
 * CLOCK_BOOTTIME, and what pam_apitoken has logged as its reason. LOG is where
 * syslog(3) writes to on this host: in a mount namespace of its own, it reads
 * that itself.
 */
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "lib/client.h"

#define REASON " reason="

static int64_t
now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_BOOTTIME, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int
bind_log(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path),
	    "%s.visitor.%d", path, (int)getpid());
	if (fd >= 0 &&
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	    unshare(CLONE_NEWNS) == 0 &&
	    mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) == 0 &&
	    mount(address.sun_path, path, NULL, MS_BIND, NULL) == 0)
		return fd;
	perror("visitor");
	exit(2);
}

/* The reason of the last line that has one; empties the log. */
static void
read_reason(int log, char reason[256])
{
	char line[4096];
	ssize_t got;

	reason[0] = '\0';
	while ((got = recv(log, line, sizeof(line) - 1, 0)) >= 0) {
		const char *found;

		line[got] = '\0';
		found = strstr(line, "pam_apitoken(") != NULL
		    ? strstr(line, REASON)
		    : NULL;
		if (found != NULL)
			(void)snprintf(
			    reason, 256, "%s", found + strlen(REASON));
	}
}

static int
log_in(const char *service, const char *user, const char *password)
{
	pam_handle_t *pamh = client_start(service, user, password);
	int rc = PAM_ABORT;

	if (pamh != NULL)
		rc = pam_authenticate(pamh, 0);
	if (rc == PAM_SUCCESS)
		rc = pam_acct_mgmt(pamh, 0);
	client_end(pamh);
	return rc;
}

int
main(int argc, char **argv)
{
	char line[512], reason[256];
	int log;

	if (argc != 3) {
		fputs("usage: visitor SERVICE LOG\n", stderr);
		return 2;
	}
	log = bind_log(argv[2]);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *password = strchr(line, ' ');
		int64_t start = now();
		int rc;

		if (password == NULL)
			return 2;
		*password++ = '\0';
		password[strcspn(password, "\n")] = '\0';
		read_reason(log, reason);
		rc = log_in(argv[1], line, password);
		read_reason(log, reason);
		printf("%lld %lld %s %s\n", (long long)start, (long long)now(),
		    rc == PAM_SUCCESS ? "accepted" : "refused", reason);
		(void)fflush(stdout);
	}
	return 0;
}
