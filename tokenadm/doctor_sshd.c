/* doctor: what sshd says of its settings. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "capture.h"
#include "doctor.h"
#include "pamconf.h"

#define SAID_SIZE 65536
#define CONFIG "/etc/ssh/sshd_config"
#define CONFIG_PARTS "/etc/ssh/sshd_config.d"
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
 * The value of a setting in what `sshd -T` says, and moves *said behind it.
 * False if there is no more of it.
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

/* AuthenticationMethods: lists by blanks, of each of which all are needed. */
static void
judge_methods(struct doctor *doctor, const char *said)
{
	char value[VALUE_SIZE], *rest = NULL;
	bool alone = false, among = false;

	if (!next_value(&said, "authenticationmethods", value) ||
	    strcmp(value, "any") == 0)
		return;
	for (char *list = strtok_r(value, " ", &rest); list != NULL;
	     list = strtok_r(NULL, " ", &rest)) {
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
	report_fix(&doctor->report,
	    "in " CONFIG ": add password, or keyboard-interactive, "
	    "to AuthenticationMethods");
}

/* Whom and what it limits: no fault, but the reason of many a refusal. */
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
				report_add(&doctor->report, REPORT_OK,
				    "%s %s: it counts for tokens, too",
				    NAMES[i][1], value);
		}
	}
}

static bool
has_match(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (file == NULL)
		return false;
	while (!found && getline(&line, &size, file) >= 0) {
		const char *word = line + strspn(line, " \t");

		found = strncasecmp(word, "match", 5) == 0 &&
		    isspace((unsigned char)word[5]);
	}
	free(line);
	(void)fclose(file);
	return found;
}

static bool
has_any_match(void)
{
	DIR *parts = opendir(CONFIG_PARTS);
	bool found = has_match(CONFIG);
	const struct dirent *entry;
	char path[512];

	while (parts != NULL && (entry = readdir(parts)) != NULL) {
		(void)snprintf(
		    path, sizeof(path), CONFIG_PARTS "/%s", entry->d_name);
		found = found || has_match(path);
	}
	if (parts != NULL)
		(void)closedir(parts);
	return found;
}

static void
judge_settings(struct doctor *doctor, const char *said)
{
	struct report *report = &doctor->report;
	size_t before = report->count;

	if (!is_value(said, "usepam", "yes")) {
		report_add(
		    report, REPORT_WRONG, "UsePAM no: sshd does not ask PAM");
		report_fix(report, "in " CONFIG ": UsePAM yes");
	}
	if (!is_value(said, "passwordauthentication", "yes") &&
	    !is_value(said, "kbdinteractiveauthentication", "yes")) {
		report_add(report, REPORT_WRONG,
		    "neither PasswordAuthentication nor "
		    "KbdInteractiveAuthentication: no token can be sent");
		report_fix(
		    report, "in " CONFIG ": KbdInteractiveAuthentication yes");
	}
	judge_methods(doctor, said);
	if (report->count == before)
		report_add(report, REPORT_OK, "takes what PAM takes");
	tell_limits(doctor, said);
	if (has_any_match())
		report_add(report, REPORT_OK,
		    "has Match blocks, in which other settings may hold; see: "
		    "sshd -T -C user=USER,addr=ADDRESS");
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

void
doctor_sshd(struct doctor *doctor)
{
	const char *program = find_sshd();
	const char *const argv[] = {program, "-T", NULL};
	char *said = program != NULL ? malloc(SAID_SIZE) : NULL;
	struct error why = {""};
	int status = -1;

	report_set_area(&doctor->report, "sshd");
	if (said == NULL)
		return;
	if (capture_run(argv, said, SAID_SIZE, &status, &why) != ERR_OK) {
		report_error(&doctor->report, REPORT_WARNING, &why);
	} else if (status != 0) {
		if (doctor->service == NULL ? pamconf_takes_tokens("sshd")
					    : doctor_wants(doctor, "sshd"))
			report_add(&doctor->report, REPORT_WARNING,
			    "its settings cannot be had: sshd -T says: %.*s",
			    (int)strcspn(said, "\r\n"), said);
	} else {
		judge_said(doctor, said);
	}
	free(said);
}
