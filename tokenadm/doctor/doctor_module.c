/* doctor: the module's file, and whether PAM can load it. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "doctor/doctor.h"

#define MODULE PAM_DIR "/pam_apitoken.so"
#define FILE_MAX ((size_t)64 << 20)
#define PATIENCE 10 /* seconds */

static const char *const HOOKS[] = {"pam_sm_authenticate", "pam_sm_setcred",
    "pam_sm_acct_mgmt", "pam_sm_open_session", "pam_sm_close_session"};

/* Runs in its own process, and writes to fd what is wrong. */
static void
load(int fd)
{
	const char *said = NULL;
	void *module;

	(void)alarm(PATIENCE);
	module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
	if (module == NULL)
		said = dlerror();
	for (size_t i = 0; i < sizeof(HOOKS) / sizeof(HOOKS[0]); i++) {
		if (said == NULL && dlsym(module, HOOKS[i]) == NULL)
			said = dlerror();
	}
	if (said != NULL)
		(void)!write(fd, said, strlen(said));
	_exit(said == NULL ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Sets text to why it cannot be loaded; returns false if it can. */
static bool
fails_to_load(char *text, size_t size)
{
	int ends[2], status = -1;
	ssize_t len;
	pid_t pid;

	(void)snprintf(text, size, "it crashes, or hangs");
	if (pipe2(ends, O_CLOEXEC) != 0)
		return true;
	pid = fork();
	if (pid == 0)
		load(ends[1]);
	(void)close(ends[1]);
	len = read(ends[0], text, size - 1);
	(void)close(ends[0]);
	if (len > 0)
		text[len] = '\0';
	return pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != EXIT_SUCCESS;
}

/* The version string in the file (pam_apitoken.c). */
static bool
read_version(const char *bytes, size_t len, char *version, size_t size)
{
	static const char MARK[] = "pam_apitoken version ";
	const char *found = memmem(bytes, len, MARK, sizeof(MARK) - 1);
	size_t rest;

	if (found == NULL)
		return false;
	found += sizeof(MARK) - 1;
	rest = len - (size_t)(found - bytes);
	(void)snprintf(version, size, "%.*s", (int)strnlen(found, rest), found);
	return true;
}

static void
judge_version(struct doctor *doctor, int fd)
{
	struct stat status;
	struct error why;
	char *bytes = NULL, version[64] = "";
	size_t len = 0;
	bool has = false;

	if (fstat(fd, &status) == 0 && status.st_size > 0 &&
	    (size_t)status.st_size <= FILE_MAX)
		bytes = malloc((size_t)status.st_size);
	if (bytes != NULL &&
	    safe_read(fd, MODULE, bytes, (size_t)status.st_size, &len, &why) ==
		ERR_OK &&
	    len <= (size_t)status.st_size)
		has = read_version(bytes, len, version, sizeof(version));
	free(bytes);
	if (has && strcmp(version, PACKAGE_VERSION) == 0) {
		report_add(&doctor->report, REPORT_OK,
		    MODULE ": version %s, can be loaded", version);
		return;
	}
	report_add(&doctor->report, REPORT_WRONG,
	    MODULE ": %s, and tokenadm is version " PACKAGE_VERSION,
	    has ? version : "of another version");
	report_fix(&doctor->report, "install both from the same release");
}

void
doctor_module(struct doctor *doctor)
{
	struct error why = {""};
	char text[ERROR_TEXT_MAX];
	int fd = -1;
	enum err rc;

	report_set_area(&doctor->report, "module");
	rc = safe_open(MODULE, O_RDONLY, SAFE_READABLE, &fd, &why);
	if (rc == ERR_MISSING) {
		report_add(
		    &doctor->report, REPORT_WRONG, MODULE ": not installed");
		report_fix(&doctor->report,
		    "make install, or install the package libpam-apitoken");
	} else if (rc != ERR_OK) {
		report_error(&doctor->report, REPORT_WRONG, &why);
	} else if (fails_to_load(text, sizeof(text))) {
		report_add(&doctor->report, REPORT_WRONG,
		    MODULE ": cannot be loaded: %s", text);
	} else {
		judge_version(doctor, fd);
	}
	if (fd >= 0)
		(void)close(fd);
}
