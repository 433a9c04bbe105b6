#include "doctor/login_proftpd.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "doctor/config_walk.h"
#include "doctor/line_list.h"
#include "doctor/proftpd_config.h"

#define PROGRAM "/usr/sbin/proftpd"
#define FTPUSERS "/etc/ftpusers"
#define SHELLS "/etc/shells"

/* Why this user is kept out; NULL if he is not. */
static const char *
reason_against(const char *user)
{
	const struct passwd *entry = getpwnam(user);
	struct setting place;

	if (!proftpd_config_is_off("UseFtpUsers", &place) &&
	    line_list_has(FTPUSERS, user, " \t\r\n"))
		return "UseFtpUsers: " FTPUSERS " keeps this user out";
	if (entry == NULL)
		return NULL;
	if (!proftpd_config_is_off("RequireValidShell", &place) &&
	    !line_list_has(SHELLS, entry->pw_shell, "# \t\r\n"))
		return "RequireValidShell: the shell is not in " SHELLS;
	if (entry->pw_uid == 0 &&
	    (!proftpd_config_find("RootLogin", &place) ||
		proftpd_config_is_off("RootLogin", &place)))
		return "no RootLogin on: root is kept out";
	return NULL;
}

struct limit {
	struct error text;
};

/* <Limit LOGIN>, or of all commands: its rules are not judged here. */
static void
visit(char *line, const char *file, size_t number, void *arg)
{
	struct limit *limit = arg;

	line += strspn(line, " \t");
	if (strncasecmp(line, "<limit", 6) != 0 ||
	    (strcasestr(line, "LOGIN") == NULL &&
		strcasestr(line, "ALL") == NULL))
		return;
	line[strcspn(line, "\r\n")] = '\0';
	(void)error_set(&limit->text, ERR_OK,
	    "%s:%zu: whom %s keeps out is not judged", file, number, line);
}

/* Modules that may or may not know the user: only mod_auth_unix always does. */
static void
note_order(struct steps *steps)
{
	char values[PROFTPD_VALUES_SIZE];
	struct setting place;
	struct error text;

	if (!proftpd_config_read("AuthOrder", &place, values) ||
	    strstr(values, "mod_auth_unix.c") != NULL)
		return;
	(void)error_set(&text, ERR_OK,
	    "%s:%zu: whether a module of AuthOrder knows this user", place.file,
	    place.number);
	steps_add_unseen(steps, "proftpd", text.text);
}

void
login_proftpd(
    bool *asks, struct steps *steps, const char *user, const char *service)
{
	struct limit limit = {{""}};
	struct setting name;
	const char *used = "proftpd", *reason;

	if (access(PROGRAM, X_OK) != 0)
		return;
	if (proftpd_config_find("AuthPAMConfig", &name))
		used = name.value;
	if (strcmp(used, service) != 0)
		return;
	reason = reason_against(user);
	if (reason != NULL) {
		*asks = false;
		steps_add(steps, "proftpd", OUTCOME_FAILED, "%s", reason);
	}
	note_order(steps);
	config_walk(PROFTPD_CONFIG, visit, &limit);
	if (limit.text.text[0] != '\0')
		steps_add_unseen(steps, "proftpd", limit.text.text);
}
