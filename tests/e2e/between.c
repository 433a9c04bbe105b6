/*
 * A login in one process, between whose hooks something happens:
 *
 *	between SERVICE USER COMMAND [LATER [AFTER_BOOT [ADDRESS]]]
 *
 * COMMAND is run by sh(1) between pam_authenticate and pam_acct_mgmt. From then
 * on, LATER and LATER_BOOT are in the environment, for the preloaded clocks of
 * later.c, unless empty; and the login is from ADDRESS. The password comes on
 * standard input. Exits with 0 if both hooks accept, 1 if pam_acct_mgmt
 * refuses, else with 2.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/client.h"

static void
set(const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0' && setenv(name, value, 1) != 0)
		err(2, "setenv");
}

/* Without what is preloaded here. */
static void
run(const char *command)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		(void)unsetenv("LD_PRELOAD");
		(void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		errx(2, "failed: %s", command);
}

static int
log_in(pam_handle_t *pamh, char **argv, int argc)
{
	int rc = pam_authenticate(pamh, 0);

	if (rc != PAM_SUCCESS) {
		warnx("pam_authenticate: %s", pam_strerror(pamh, rc));
		return 2;
	}
	run(argv[3]);
	set("LATER", argc > 4 ? argv[4] : NULL);
	set("LATER_BOOT", argc > 5 ? argv[5] : NULL);
	if (argc > 6 && pam_set_item(pamh, PAM_RHOST, argv[6]) != PAM_SUCCESS)
		return 2;
	rc = pam_acct_mgmt(pamh, 0);
	if (rc != PAM_SUCCESS)
		warnx("pam_acct_mgmt: %s", pam_strerror(pamh, rc));
	return rc == PAM_SUCCESS ? 0 : 1;
}

int
main(int argc, char **argv)
{
	char password[512] = "";
	pam_handle_t *pamh;
	int rc = 2;

	if (argc < 4 || argc > 7)
		errx(2, "see the head of between.c");
	if (fgets(password, sizeof(password), stdin) == NULL)
		errx(2, "no password");
	password[strcspn(password, "\n")] = '\0';
	pamh = client_start(argv[1], argv[2], password);
	if (pamh != NULL)
		rc = log_in(pamh, argv, argc);
	client_end(pamh);
	return rc;
}
