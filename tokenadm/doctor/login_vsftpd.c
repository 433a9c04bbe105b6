#include "doctor/login_vsftpd.h"

#include <pwd.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "doctor/line_list.h"
#include "doctor/vsftpd_config.h"

static void
judge_list(bool *asks, struct steps *steps, const char *file, const char *user)
{
	char list[VSFTPD_VALUE_SIZE] = "/etc/vsftpd.user_list";
	bool denies = vsftpd_config_is_on(file, "userlist_deny", true);

	if (!vsftpd_config_is_on(file, "userlist_enable", false))
		return;
	vsftpd_config_read(file, "userlist_file", list);
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
	if (!vsftpd_config_is_on(file, "anonymous_enable", true) ||
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
	char list[VSFTPD_VALUE_SIZE] = "/etc/vsftpd.chroot_list",
	     root[VSFTPD_VALUE_SIZE] = "";
	const struct passwd *entry = getpwnam(user);
	bool locks = vsftpd_config_is_on(file, "chroot_local_user", false);

	vsftpd_config_read(file, "chroot_list_file", list);
	vsftpd_config_read(file, "local_root", root);
	if (vsftpd_config_is_on(file, "chroot_list_enable", false) &&
	    line_list_has(list, user, "\n"))
		locks = !locks;
	/* A token of user_sub_token in it, or a path in passwd, is too much. */
	if (!locks || entry == NULL || strchr(root, '$') != NULL ||
	    vsftpd_config_is_on(file, "passwd_chroot_enable", false) ||
	    vsftpd_config_is_on(file, "allow_writeable_chroot", false) ||
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
	const char *file = vsftpd_config_file();
	char used[PARSE_SERVICE_MAX + 1];

	if (file == NULL)
		return;
	vsftpd_config_service(file, used);
	if (strcmp(used, service) != 0)
		return;
	judge_list(asks, steps, file, user);
	judge_anonymous(asks, steps, file, user);
	judge_chroot(asks, steps, file, user);
}
