/*
 * The PAM module of a directory, for tests: installed as pam_winbind.so,
 * pam_sss.so or whatever. It knows the users in /run/probe.users, as the name
 * service in nss_probe.c does, and accepts no password. What it says of their
 * accounts is in /run/probe.account:
 *
 *	accepts, refuses, unknown, down
 *
 * Anybody else is unknown to it; when it is down, it does not even know that.
 * It logs a line for each question.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#define USERS "/run/probe.users"
#define ANSWER "/run/probe.account"

static bool
knows(const char *user)
{
	FILE *file = fopen(USERS, "re");
	size_t len = strlen(user);
	char line[256];
	bool found = false;

	while (
	    !found && file != NULL && fgets(line, sizeof(line), file) != NULL)
		found = strncmp(line, user, len) == 0 && line[len] == ' ';
	if (file != NULL)
		(void)fclose(file);
	return found;
}

static void
read_answer(char word[16])
{
	FILE *file = fopen(ANSWER, "re");

	word[0] = '\0';
	if (file != NULL && fgets(word, 16, file) == NULL)
		word[0] = '\0';
	word[strcspn(word, "\n")] = '\0';
	if (file != NULL)
		(void)fclose(file);
}

static int
answer_for(const char *user)
{
	char word[16];

	read_answer(word);
	if (strcmp(word, "down") == 0)
		return PAM_AUTHINFO_UNAVAIL;
	if (strcmp(word, "unknown") == 0 || !knows(user))
		return PAM_USER_UNKNOWN;
	return strcmp(word, "accepts") == 0 ? PAM_SUCCESS : PAM_ACCT_EXPIRED;
}

int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	const char *user = NULL;
	int result;

	(void)flags;
	if (pam_get_user(pamh, &user, NULL) != PAM_SUCCESS || user == NULL)
		return PAM_SERVICE_ERR;
	result = answer_for(user);
	for (int i = 0; i < argc && result == PAM_USER_UNKNOWN; i++) {
		if (strcmp(argv[i], "ignore_unknown_user") == 0)
			result = PAM_IGNORE;
	}
	pam_syslog(pamh, LOG_NOTICE, "asked about %s: %d", user, result);
	return result;
}

int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	(void)argc;
	(void)argv;
	pam_syslog(pamh, LOG_NOTICE, "asked for a password");
	return PAM_AUTH_ERR;
}

int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}
