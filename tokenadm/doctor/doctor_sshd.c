/* doctor: sshd's settings, as sshd prints them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "doctor/sshd_config.h"
#include "doctor/subprocess.h"
#include "pam/pamconf.h"

#define SAID_SIZE 65536
#define VALUE_SIZE 512

static const char *const PROGRAMS[] = {
    "/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"};

static const char *
find_sshd(void)
{
	for (size_t i = 0; i < sizeof(PROGRAMS) / sizeof(PROGRAMS[0]); i++) {
		if (access(PROGRAMS[i], X_OK) == 0)
			return PROGRAMS[i];
	}
	return NULL;
}

/*
 * Gets the next value of a setting in the output of `sshd -T`, and moves *said
 * past it. Returns false if there are no more.
 */
static bool
next_value(const char **said, const char *name, char value[VALUE_SIZE])
{
	size_t len = strlen(name);

	while (**said != '\0') {
		const char *line = *said, *end = strchrnul(line, '\n');

		*said = *end != '\0' ? end + 1 : end;
		if (strncmp(line, name, len) != 0 || line[len] != ' ')
			continue;
		(void)snprintf(value, VALUE_SIZE, "%.*s",
		    (int)(end - line - (ptrdiff_t)len - 1), line + len + 1);
		return true;
	}
	return false;
}

static bool
is_value(const char *said, const char *name, const char *wanted)
{
	char value[VALUE_SIZE];

	return next_value(&said, name, value) && strcmp(value, wanted) == 0;
}

static bool
is_token_method(const char *method)
{
	return strcmp(method, "password") == 0 ||
	    strncmp(method, "keyboard-interactive", 20) == 0;
}

/* Limits on who logs in: not a fault, but a common reason for refusals. */
static void
tell_limits(struct doctor *doctor, const char *said)
{
	static const char *const NAMES[][2] = {{"allowusers", "AllowUsers"},
	    {"denyusers", "DenyUsers"}, {"allowgroups", "AllowGroups"},
	    {"denygroups", "DenyGroups"}, {"forcecommand", "ForceCommand"}};

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		const char *rest = said;
		char value[VALUE_SIZE];

		while (next_value(&rest, NAMES[i][0], value)) {
			if (strcmp(value, "none") != 0)
				report_add(&doctor->report, REPORT_NOTE,
				    "%s %s: it counts for tokens, too",
				    NAMES[i][1], value);
		}
	}
}

/* Names the line that takes effect; or, without one, where to add it. */
static void
fix_setting(struct doctor *doctor, const char *name, const char *values)
{
	static const char RELOAD[] = "then systemctl reload ssh";
	struct setting place;

	if (sshd_config_find(name, &place))
		report_fix(&doctor->report, "%s:%zu should be: %s %s; %s",
		    place.file, place.number, name, values, RELOAD);
	else
		report_fix(&doctor->report, "at the top of %s: %s %s; %s",
		    SSHD_CONFIG, name, values, RELOAD);
}

/* AuthenticationMethods: lists of methods, each list needs all of its own. */
static void
judge_methods(struct doctor *doctor, const char *said)
{
	char value[VALUE_SIZE], *rest = value, *list;
	bool alone = false, among = false;

	if (!next_value(&said, "authenticationmethods", value) ||
	    strcmp(value, "any") == 0)
		return;
	while ((list = strsep(&rest, " ")) != NULL) {
		alone = alone ||
		    (strchr(list, ',') == NULL && is_token_method(list));
		among = among || strstr(list, "password") != NULL ||
		    strstr(list, "keyboard-interactive") != NULL;
	}
	if (alone)
		return;
	report_add(&doctor->report, among ? REPORT_WARNING : REPORT_WRONG,
	    among ? "AuthenticationMethods asks for more than a token"
		  : "AuthenticationMethods lets in by no method that takes "
		    "tokens");
	fix_setting(doctor, "AuthenticationMethods",
	    "... with password or keyboard-interactive alone as one of them");
}

static void
judge_settings(struct doctor *doctor, const char *said)
{
	struct report *report = &doctor->report;
	struct setting place;
	size_t before = report->count;

	if (!is_value(said, "usepam", "yes")) {
		report_add(
		    report, REPORT_WRONG, "UsePAM no: sshd does not ask PAM");
		fix_setting(doctor, "UsePAM", "yes");
	}
	if (!is_value(said, "passwordauthentication", "yes") &&
	    !is_value(said, "kbdinteractiveauthentication", "yes")) {
		report_add(report, REPORT_WRONG,
		    "neither PasswordAuthentication nor "
		    "KbdInteractiveAuthentication: no token can be sent");
		fix_setting(doctor, "KbdInteractiveAuthentication", "yes");
	}
	judge_methods(doctor, said);
	if (report->count == before)
		report_add(report, REPORT_OK, "takes what PAM takes");
	tell_limits(doctor, said);
	doctor_sshd_penalties(report, said);
	if (!sshd_config_find("Match", &place))
		return;
	report_add(report, REPORT_WARNING,
	    "%s:%zu: Match: other settings may hold for some", place.file,
	    place.number);
	report_fix(
	    report, "sshd -T -C user=USER,host=HOST,addr=ADDRESS shows them");
}

static void
judge_said(struct doctor *doctor, const char *said)
{
	const char *rest = said;
	char name[VALUE_SIZE] = "sshd";
	bool is_named = next_value(&rest, "pamservicename", name) &&
	    strcmp(name, "sshd") != 0;

	if (doctor->service != NULL
		? strcmp(doctor->service, name) != 0
		: !pamconf_takes_tokens(name) && !pamconf_takes_tokens("sshd"))
		return;
	if (is_named)
		report_add(&doctor->report,
		    pamconf_takes_tokens(name) ? REPORT_OK : REPORT_WRONG,
		    "PAMServiceName %s: tokens have to be issued for it, and "
		    "its stack is /etc/pam.d/%s",
		    name, name);
	judge_settings(doctor, said);
}

/* The login for which Match blocks are evaluated; false if there is none. */
static bool
set_login(const struct doctor *doctor, char login[VALUE_SIZE])
{
	const char *from = doctor->from;

	/* A comma would begin another key. */
	if (doctor->user == NULL || strchr(doctor->user, ',') != NULL)
		return false;
	return snprintf(login, VALUE_SIZE, "user=%s%s%s%s%s", doctor->user,
		   from != NULL ? ",host=" : "", from != NULL ? from : "",
		   from != NULL ? ",addr=" : "",
		   from != NULL ? from : "") < VALUE_SIZE;
}

/* Whether sshd may ask PAM as the service, so that it has to be asked. */
static bool
is_concerned(const struct doctor *doctor)
{
	struct setting place;

	return doctor_wants(doctor, "sshd") ||
	    sshd_config_find("PAMServiceName", &place);
}

void
doctor_sshd(struct doctor *doctor)
{
	const char *program = find_sshd();
	char login[VALUE_SIZE];
	const char *const argv[] = {
	    program, "-T", set_login(doctor, login) ? "-C" : NULL, login, NULL};
	char *said = program != NULL && is_concerned(doctor) ? malloc(SAID_SIZE)
							     : NULL;
	struct error why = {""};
	int status = -1;

	report_set_area(&doctor->report, "sshd");
	if (said == NULL)
		return;
	if (subprocess_run(argv, said, SAID_SIZE, &status, &why) != ERR_OK) {
		report_error(&doctor->report, REPORT_WARNING, &why);
	} else if (status != 0) {
		if (doctor->service == NULL ? pamconf_takes_tokens("sshd")
					    : doctor_wants(doctor, "sshd"))
			report_add(&doctor->report, REPORT_WARNING,
			    "cannot read its settings: sshd -T says: %.*s",
			    (int)strcspn(said, "\r\n"), said);
	} else {
		judge_said(doctor, said);
	}
	free(said);
}
