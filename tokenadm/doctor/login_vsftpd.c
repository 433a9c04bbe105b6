#include "doctor/login_vsftpd.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/textfile.h"
#include "doctor/line_list.h"

#define PROGRAM "/usr/sbin/vsftpd"
#define VALUE_SIZE 512

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

static void
judge_list(bool *asks, struct steps *steps, const char *file, const char *user)
{
	char list[VALUE_SIZE] = "/etc/vsftpd.user_list";
	bool denies = is_on(file, "userlist_deny", "YES");

	if (!is_on(file, "userlist_enable", "NO"))
		return;
	read_setting(file, "userlist_file", list);
	if (line_list_has(list, user, "\n") != denies)
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

/* As access(2) for the user, of whom the own group counts only. */
static bool
can_write(const struct passwd *entry, const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return false;
	if (entry->pw_uid == 0)
		return true;
	if (status.st_uid == entry->pw_uid)
		return (status.st_mode & S_IWUSR) != 0;
	if (status.st_gid == entry->pw_gid)
		return (status.st_mode & S_IWGRP) != 0;
	return (status.st_mode & S_IWOTH) != 0;
}

/*
 * Once PAM has accepted, vsftpd refuses to lock a user into a directory that he
 * can write to.
 */
static void
judge_chroot(
    bool *asks, struct steps *steps, const char *file, const char *user)
{
	char list[VALUE_SIZE] = "/etc/vsftpd.chroot_list",
	     root[VALUE_SIZE] = "";
	const struct passwd *entry = getpwnam(user);
	bool locks = is_on(file, "chroot_local_user", "NO");

	read_setting(file, "chroot_list_file", list);
	read_setting(file, "local_root", root);
	if (is_on(file, "chroot_list_enable", "NO") &&
	    line_list_has(list, user, "\n"))
		locks = !locks;
	/* A token of user_sub_token in it, or a path in passwd, is too much. */
	if (!locks || entry == NULL || strchr(root, '$') != NULL ||
	    is_on(file, "passwd_chroot_enable", "NO") ||
	    is_on(file, "allow_writeable_chroot", "NO") ||
	    !can_write(entry, root[0] != '\0' ? root : entry->pw_dir))
		return;
	*asks = false;
	steps_add(steps, "vsftpd", OUTCOME_FAILED,
	    "%s: chroot_local_user: vsftpd lets nobody into a root that he can "
	    "write to; allow_writeable_chroot=YES would",
	    file);
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
	judge_chroot(asks, steps, FILES[i], user);
}
