/*
 * abandon SERVICE USER COUNT <PASSWORD: this many processes, one after the
 * other, open a session and end without closing it, as a killed process does.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/client.h"

static int
open_session(const char *service, const char *user, const char *password)
{
	pam_handle_t *pamh = client_start(service, user, password);

	return pamh != NULL && pam_authenticate(pamh, 0) == PAM_SUCCESS &&
		pam_acct_mgmt(pamh, 0) == PAM_SUCCESS &&
		pam_open_session(pamh, 0) == PAM_SUCCESS
	    ? EXIT_SUCCESS
	    : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	char password[512];
	int status;

	if (argc != 4 || fgets(password, sizeof(password), stdin) == NULL) {
		fputs("usage: abandon SERVICE USER COUNT <PASSWORD\n", stderr);
		return 2;
	}
	password[strcspn(password, "\n")] = '\0';
	for (long left = strtol(argv[3], NULL, 10); left > 0; left--) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(open_session(argv[1], argv[2], password));
		if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
			errx(1, "a session was not opened");
	}
	return 0;
}
