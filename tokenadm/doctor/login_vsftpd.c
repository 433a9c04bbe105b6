#include "doctor/login_vsftpd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/textfile.h"

#define PROGRAM "/usr/sbin/vsftpd"
#define VALUE_SIZE 512
#define LINE_ENDS " \t\r\n"

static const char *const FILES[] = {
    "/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf"};

/* Gets the last value of a setting; the given one stays if there is none. */
static void
read_setting(const char *path, const char *key, char value[VALUE_SIZE])
{
	FILE *file = textfile_open(path);
	size_t len = strlen(key), size = 0;
	char *line = NULL;

	while (file != NULL && getline(&line, &size, file) >= 0) {
		const char *text = line + strspn(line, " \t");

		line[strcspn(line, "\r\n")] = '\0';
		if (strncmp(text, key, len) == 0 && text[len] == '=')
			(void)snprintf(value, VALUE_SIZE, "%s", text + len + 1);
	}
	free(line);
	if (file != NULL)
		(void)fclose(file);
}

static bool
is_on(const char *path, const char *key, const char *usual)
{
	char value[VALUE_SIZE];

	(void)snprintf(value, sizeof(value), "%s", usual);
	read_setting(path, key, value);
	return strcasecmp(value, "YES") == 0 ||
	    strcasecmp(value, "TRUE") == 0 || strcmp(value, "1") == 0;
}

/* A list of users, one a line. One that cannot be read is empty. */
static bool
is_listed(const char *path, const char *user)
{
	FILE *file = textfile_open(path);
	char *line = NULL;
	size_t size = 0;
	bool is_there = false;

	while (!is_there && file != NULL && getline(&line, &size, file) >= 0) {
		line[strcspn(line, LINE_ENDS)] = '\0';
		is_there = strcmp(line, user) == 0;
	}
	free(line);
	if (file != NULL)
		(void)fclose(file);
	return is_there;
}

static void
judge_list(bool *asks, struct steps *steps, const char *file, const char *user)
{
	char list[VALUE_SIZE] = "/etc/vsftpd.user_list";
	bool denies = is_on(file, "userlist_deny", "YES");

	if (!is_on(file, "userlist_enable", "NO"))
		return;
	read_setting(file, "userlist_file", list);
	if (is_listed(list, user) != denies)
		return;
	*asks = false;
	steps_add(steps, "vsftpd", OUTCOME_FAILED,
	    denies ? "%s: userlist_enable: %s keeps %s out"
		   : "%s: userlist_deny=NO: %s does not let %s in",
	    file, list, user);
}

/* vsftpd takes these for anonymous, and asks PAM nothing. */
static void
judge_anonymous(
    bool *asks, struct steps *steps, const char *file, const char *user)
{
	if (!is_on(file, "anonymous_enable", "YES") ||
	    (strcasecmp(user, "ftp") != 0 &&
		strcasecmp(user, "anonymous") != 0))
		return;
	*asks = false;
	steps_add(steps, "vsftpd", OUTCOME_FAILED,
	    "%s: anonymous_enable: %s logs in without a password", file, user);
}

void
login_vsftpd(
    bool *asks, struct steps *steps, const char *user, const char *service)
{
	size_t i = 0;
	char used[VALUE_SIZE] = "vsftpd";

	while (i < 2 && access(FILES[i], R_OK) != 0)
		i++;
	if (i == 2 || access(PROGRAM, X_OK) != 0)
		return;
	read_setting(FILES[i], "pam_service_name", used);
	if (strcmp(used, service) != 0)
		return;
	judge_list(asks, steps, FILES[i], user);
	judge_anonymous(asks, steps, FILES[i], user);
}
