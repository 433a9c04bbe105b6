/*
 * login SERVICE USER FILE [fork]: a PAM host whose conversation answers with
 * the first line of FILE, of which it keeps no copy; without a line, the
 * conversation fails. It calls every hook, and stops itself after
 * authentication, in the session and after pam_end. With fork, authentication
 * runs in a child, as in sshd's keyboard-interactive, which also stops itself.
 * The exit status is 0 if authentication and session succeed.
 */
#include <err.h>
#include <fcntl.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MAX 100000

/* Read straight to where libpam wants it: no stream may hold a copy. */
static char *
read_answer(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *answer = calloc(1, ANSWER_MAX);
	size_t len = 0;

	while (fd >= 0 && answer != NULL && len < ANSWER_MAX - 1 &&
	    read(fd, answer + len, 1) == 1 && answer[len] != '\n')
		len++;
	if (fd >= 0)
		(void)close(fd);
	if (answer != NULL)
		answer[len] = '\0';
	if (fd >= 0)
		return answer;
	free(answer);
	return NULL;
}

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **responses, void *arg)
{
	struct pam_response *made;
	char *answer;

	(void)messages;
	answer = count == 1 ? read_answer(arg) : NULL;
	made = calloc(1, sizeof(*made));
	if (made == NULL || answer == NULL) {
		free(made);
		free(answer);
		return PAM_CONV_ERR;
	}
	made->resp = answer;
	*responses = made;
	return PAM_SUCCESS;
}

/* Nothing here needs the delay. */
static void
no_delay(int code, unsigned microseconds, void *arg)
{
	(void)code;
	(void)microseconds;
	(void)arg;
}

/* Writes the PAM environment, each with its NUL. */
static void
send_environment(pam_handle_t *pamh, int fd)
{
	char **list = pam_getenvlist(pamh);

	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		if (write(fd, list[i], strlen(list[i]) + 1) < 0)
			err(2, "write");
	(void)close(fd);
}

static void
receive_environment(pam_handle_t *pamh, int fd)
{
	char text[4096] = "";
	size_t len = 0;
	ssize_t got;

	while ((got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	for (size_t at = 0; at < len; at += strlen(text + at) + 1)
		(void)pam_putenv(pamh, text + at);
	(void)close(fd);
}

/* Only the PAM environment comes back. */
static int
authenticate_in_child(pam_handle_t *pamh)
{
	int fds[2], status = 0, code;
	pid_t pid;

	if (pipe(fds) != 0 || (pid = fork()) < 0)
		err(2, "fork");
	if (pid == 0) {
		code = pam_authenticate(pamh, 0);
		(void)raise(SIGSTOP);
		if (code == PAM_SUCCESS)
			code = pam_acct_mgmt(pamh, 0);
		send_environment(pamh, fds[1]);
		_exit(code);
	}
	(void)close(fds[1]);
	receive_environment(pamh, fds[0]);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return PAM_SYSTEM_ERR;
	return WEXITSTATUS(status);
}

int
main(int argc, char **argv)
{
	struct pam_conv conv = {converse, argc > 3 ? argv[3] : NULL};
	pam_handle_t *pamh = NULL;
	int code, session;

	if (argc < 4 ||
	    pam_start(argv[1], argv[2], &conv, &pamh) != PAM_SUCCESS)
		errx(2, "usage: login SERVICE USER FILE [fork]");
	(void)pam_set_item(pamh, PAM_FAIL_DELAY, (void *)(size_t)no_delay);
	code = argc > 4 ? authenticate_in_child(pamh)
			: pam_authenticate(pamh, 0);
	(void)raise(SIGSTOP);
	(void)pam_acct_mgmt(pamh, 0);
	(void)pam_setcred(pamh, PAM_ESTABLISH_CRED);
	session = pam_open_session(pamh, 0);
	(void)raise(SIGSTOP);
	(void)pam_close_session(pamh, 0);
	(void)pam_setcred(pamh, PAM_DELETE_CRED);
	(void)pam_end(pamh, code);
	(void)raise(SIGSTOP);
	return code == PAM_SUCCESS && session == PAM_SUCCESS ? 0 : 1;
}
