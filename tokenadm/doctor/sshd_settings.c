#include "doctor/sshd_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor/subprocess.h"

#define SAID_SIZE ((size_t)1 << 20) /* thousands of DenyUsers */
#define LOGIN_SIZE 1024

static const char *
find_sshd(void)
{
	static const char *const PROGRAMS[] = {
	    "/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"};

	for (size_t i = 0; i < sizeof(PROGRAMS) / sizeof(PROGRAMS[0]); i++) {
		if (access(PROGRAMS[i], X_OK) == 0)
			return PROGRAMS[i];
	}
	return NULL;
}

/*
 * A specification for -C. sshd wants every criterion that some Match line has;
 * what is not known gets a value that no sensible line matches.
 */
static bool
describe(const struct sshd_login *login, char text[LOGIN_SIZE])
{
	const char *from = login->from;
	char address[128] = "";

	/* A comma would begin another key. */
	if (strchr(login->user, ',') != NULL)
		return false;
	if (from != NULL)
		(void)snprintf(
		    address, sizeof(address), ",host=%s,addr=%s", from, from);
	return snprintf(text, LOGIN_SIZE,
		   "user=%s%s,laddr=0.0.0.0,lport=%u,rdomain=", login->user,
		   address,
		   login->port != 0 ? login->port : 65535) < LOGIN_SIZE;
}

/* Whether sshd goes on after such a line. */
static bool
is_harmless(const char *line, size_t len)
{
	return memmem(line, len, "Deprecated", 10) != NULL ||
	    memmem(line, len, "Unsupported option", 18) != NULL ||
	    memmem(line, len, "terminating, ", 13) != NULL;
}

/*
 * The line that stopped it: not one that did not, and rather one that names the
 * place than one that explains it.
 */
static enum err
set_failure(const char *said, struct error *why)
{
	const char *line = said, *failed = NULL;
	bool has_place = false;

	while (*line != '\0' && !has_place) {
		size_t len = strcspn(line, "\r\n");

		if (len > 0 && !is_harmless(line, len)) {
			has_place = memmem(line, len, "line ", 5) != NULL;
			if (failed == NULL || has_place)
				failed = line;
		}
		line += len + strspn(line + len, "\r\n");
	}
	if (failed == NULL)
		failed = said;
	return error_set(
	    why, ERR_CONFIG, "%.*s", (int)strcspn(failed, "\r\n"), failed);
}

/* Runs it once; *said is freed unless it succeeds. */
static enum err
run_sshd(char **said, const char *program, const char *login, struct error *why)
{
	const char *const argv[] = {
	    program, "-T", login != NULL ? "-C" : NULL, login, NULL};
	int status = -1;
	enum err rc;

	*said = malloc(SAID_SIZE);
	if (*said == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = subprocess_run(argv, *said, SAID_SIZE, &status, why);
	if (rc == ERR_OK && status != 0)
		rc = set_failure(*said, why);
	if (rc != ERR_OK) {
		free(*said);
		*said = NULL;
	}
	return rc;
}

enum err
sshd_settings_read(
    char **said, const struct sshd_login *login, struct error *why)
{
	/* Some criteria (LocalPort) have to be given if a Match line has them.
	 */
	static const struct sshd_login NOBODY = {.user = "-"};
	const char *program = find_sshd();
	char text[LOGIN_SIZE];
	enum err rc = ERR_CONFIG;

	*said = NULL;
	if (program == NULL)
		return error_plain(why, ERR_NOT_FOUND);
	if (!describe(login != NULL ? login : &NOBODY, text))
		return error_set(why, ERR_SYSTEM,
		    "sshd cannot be asked about a user of this name");
	if (login == NULL)
		rc = run_sshd(said, program, NULL, why);
	if (rc == ERR_CONFIG)
		rc = run_sshd(said, program, text, why);
	return rc;
}

bool
sshd_settings_next(
    const char **said, const char *name, char value[SSHD_VALUE_SIZE])
{
	size_t len = strlen(name);

	while (**said != '\0') {
		const char *line = *said, *end = strchrnul(line, '\n');

		*said = *end != '\0' ? end + 1 : end;
		if (strncmp(line, name, len) != 0 || line[len] != ' ')
			continue;
		(void)snprintf(value, SSHD_VALUE_SIZE, "%.*s",
		    (int)(end - line - (ptrdiff_t)len - 1), line + len + 1);
		return true;
	}
	return false;
}

void
sshd_settings_service(const char *said, char name[SSHD_VALUE_SIZE])
{
	strcpy(name, "sshd");
	(void)sshd_settings_next(&said, "pamservicename", name);
}

bool
sshd_settings_are(const char *said, const char *name, const char *wanted)
{
	char value[SSHD_VALUE_SIZE];

	return sshd_settings_next(&said, name, value) &&
	    strcmp(value, wanted) == 0;
}

void
sshd_settings_login(const char *said, struct sshd_login *login)
{
	char value[SSHD_VALUE_SIZE];
	const char *rest = said;

	login->uses_dns = sshd_settings_are(said, "usedns", "yes");
	login->port = 0;
	while (sshd_settings_next(&rest, "listenaddress", value)) {
		const char *colon = strrchr(value, ':');
		unsigned port = colon == NULL
		    ? 0
		    : (unsigned)strtoul(colon + 1, NULL, 10);

		if (login->port != 0 && login->port != port) {
			login->port = 0;
			return;
		}
		login->port = port;
	}
}
