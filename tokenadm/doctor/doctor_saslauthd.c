/*
 * doctor: whether saslauthd caches PAM's answer. Debian's default is that it
 * does (/etc/default/saslauthd: OPTIONS has -c).
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/textfile.h"
#include "doctor/doctor.h"
#include "doctor/doctor_caches.h"

#define PROGRAM "/usr/sbin/saslauthd"
#define FILES "/etc/default/saslauthd"
#define LETTERS                                                                \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
#define VALUE_SIZE 256
/* The init script's default when OPTIONS is empty. */
#define OPTIONS_REST "-m /var/run/saslauthd"
#define OPTIONS_DEFAULT "-c " OPTIONS_REST
#define WITH_ARGUMENT "aOmnst" /* options that take one, saslauthd(8) */

/* The service names its clients use, mostly postfix and cyrus. */
static const char *const SERVICES[] = {"smtp", "imap", "pop", "sieve", "ldap",
    "lmtp", "http", "nntp", "svn", "xmpp", NULL};

struct settings {
	char mechanisms[VALUE_SIZE], options[VALUE_SIZE], start[VALUE_SIZE];
};

/* The value of a line `NAME=value` or `NAME="value"`, as a shell reads it. */
static void
take_line(const char *line, const char *name, char value[VALUE_SIZE])
{
	size_t len = strlen(name);

	line += strspn(line, " \t");
	if (strncmp(line, name, len) != 0 || line[len] != '=')
		return;
	line += len + 1;
	if (line[0] == '"' || line[0] == '\'') {
		const char quote[] = {line[0], '\0'};

		line++;
		len = strcspn(line, quote);
	} else {
		len = strcspn(line, " \t\r\n;#");
	}
	(void)snprintf(value, VALUE_SIZE, "%.*s", (int)len, line);
}

static bool
read_settings(struct settings *settings, const char *path)
{
	FILE *file = textfile_open(path);
	char *line = NULL;
	size_t size = 0;

	*settings = (struct settings){.mechanisms = "pam"};
	if (file == NULL)
		return false;
	while (getline(&line, &size, file) >= 0) {
		take_line(line, "MECHANISMS", settings->mechanisms);
		take_line(line, "OPTIONS", settings->options);
		take_line(line, "START", settings->start);
	}
	free(line);
	(void)fclose(file);
	if (settings->options[0] == '\0')
		strcpy(settings->options, OPTIONS_DEFAULT);
	return true;
}

/*
 * Copies a word of the options without `c`, and returns whether it had one.
 * *is_argument says whether the word is the previous word's argument; it is set
 * for the next word.
 */
static bool
copy_word(const char *word, char *copy, bool *is_argument)
{
	bool found = false;
	size_t len = 0;

	if (*is_argument || word[0] != '-') {
		*is_argument = false;
		strcpy(copy, word);
		return false;
	}
	for (const char *at = word; *at != '\0'; at++) {
		if (at > word && strchr(WITH_ARGUMENT, *at) != NULL) {
			*is_argument = at[1] == '\0';
			strcpy(copy + len, at);
			return found;
		}
		if (at > word && *at == 'c')
			found = true;
		else
			copy[len++] = *at;
	}
	copy[len == 1 && found ? 0 : len] = '\0';
	return found;
}

/* Whether the options have -c; rest is set to the options without it. */
static bool
find_cache(const char *options, char rest[VALUE_SIZE])
{
	char text[VALUE_SIZE], copy[VALUE_SIZE];
	char *left = text, *word;
	bool found = false, is_argument = false;
	size_t len = 0;

	(void)snprintf(text, sizeof(text), "%s", options);
	rest[0] = '\0';
	while ((word = strsep(&left, " \t")) != NULL) {
		if (*word == '\0')
			continue;
		found = copy_word(word, copy, &is_argument) || found;
		if (copy[0] != '\0')
			len += (size_t)snprintf(rest + len, VALUE_SIZE - len,
			    "%s%s", len > 0 ? " " : "", copy);
	}
	/* With no options the init script would use its default. */
	if (rest[0] == '\0')
		strcpy(rest, OPTIONS_REST);
	return found;
}

static void
judge_file(struct doctor *doctor, const char *path)
{
	struct report *report = &doctor->report;
	struct settings settings;
	char rest[VALUE_SIZE];

	if (!read_settings(&settings, path) ||
	    strcmp(settings.mechanisms, "pam") != 0 ||
	    strcmp(settings.start, "no") == 0)
		return;
	if (!find_cache(settings.options, rest)) {
		doctor_caches_none(doctor, path);
		return;
	}
	doctor_caches_found(doctor, SERVICES[0], "%s: OPTIONS", path);
	/* The last line wins. A shell would not expand any of these. */
	if (rest[strspn(rest, LETTERS " ./,:@+=")] == '\0')
		report_fix(report,
		    "echo 'OPTIONS=\"%s\"' >>%s && systemctl restart saslauthd",
		    rest, path);
	else
		report_fix(
		    report, "take -c out of OPTIONS, and restart saslauthd");
}

void
doctor_saslauthd(struct doctor *doctor)
{
	glob_t found = {0};

	report_set_area(&doctor->report, "saslauthd");
	if (access(PROGRAM, X_OK) != 0 ||
	    !doctor_caches_matter(doctor, SERVICES))
		return;
	(void)glob(FILES "*", 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];

		/* Only names that its init script takes: no .dpkg-old. */
		if (path[strlen(FILES) +
			strspn(path + strlen(FILES), LETTERS)] == '\0')
			judge_file(doctor, path);
	}
	globfree(&found);
}
