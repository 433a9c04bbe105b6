/*
 * libnss_probe.so.2: a directory of users for tests, which fails as told.
 *
 * Its users are the lines of /run/probe.users, `NAME UID`, and the members of
 * its groups those of /run/probe.members, `NAME GID`. /run/probe.passwd and
 * /run/probe.shadow hold how it fails, if they are there:
 *
 *	STATUS ERRNO	as NSS_STATUS and errno have it: tryagain EAGAIN ...
 *	hang		for half a minute, and then finds nobody
 *	crash		takes the caller down
 *	case		finds the name in capitals
 *	uid		finds another uid
 *	unshadowed	has `*` for a password, as winbind and sssd do
 *	huge		wants more room than anybody has
 *	locked, expired	in shadow: such an entry
 *
 * If there is a socket /run/probe.daemon, that is told of each question, as
 * sssd's module asks its daemon; if nobody listens there, it is unavailable.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <nss.h>
#include <pwd.h>
#include <shadow.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define USERS "/run/probe.users"
#define MEMBERS "/run/probe.members"
#define DAEMON "/run/probe.daemon"

enum nss_status _nss_probe_getpwnam_r(const char *name, struct passwd *entry,
    char *buf, size_t size, int *errnop);
enum nss_status _nss_probe_getspnam_r(
    const char *name, struct spwd *entry, char *buf, size_t size, int *errnop);
enum nss_status _nss_probe_initgroups_dyn(const char *name, gid_t primary,
    long *start, long *size, gid_t **groups, long most, int *errnop);

/* The first line of a file without its newline; "" if it is not there. */
static void
read_word(const char *path, char word[64])
{
	FILE *file = fopen(path, "re");

	word[0] = '\0';
	if (file == NULL)
		return;
	if (fgets(word, 64, file) == NULL)
		word[0] = '\0';
	word[strcspn(word, "\n")] = '\0';
	(void)fclose(file);
}

/* The number behind the name in a file. */
static bool
find_number(const char *path, const char *name, uint32_t *number)
{
	FILE *file = fopen(path, "re");
	size_t len = strlen(name);
	char line[256];
	bool is_there = false;

	if (file == NULL)
		return false;
	while (!is_there && fgets(line, sizeof(line), file) != NULL)
		is_there = strncmp(line, name, len) == 0 && line[len] == ' ';
	(void)fclose(file);
	if (is_there)
		*number = (uint32_t)strtoul(line + len + 1, NULL, 10);
	return is_there;
}

/* Whether the daemon answers, if the directory has one. */
static bool
daemon_answers(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	bool answers;
	int fd;

	if (access(DAEMON, F_OK) != 0)
		return true;
	strcpy(address.sun_path, DAEMON);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	answers = fd >= 0 &&
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    send(fd, "asked", 5, MSG_NOSIGNAL) == 5;
	if (fd >= 0)
		(void)close(fd);
	return answers;
}

static enum nss_status
fail_with(const char *mode, int *errnop)
{
	static const struct {
		const char *name;
		enum nss_status status;
		int code;
	} FAILURES[] = {
	    {"tryagain EAGAIN", NSS_STATUS_TRYAGAIN, EAGAIN},
	    {"tryagain ERANGE", NSS_STATUS_TRYAGAIN, ERANGE},
	    {"huge", NSS_STATUS_TRYAGAIN, ERANGE},
	    {"unavail ENOENT", NSS_STATUS_UNAVAIL, ENOENT},
	    {"unavail EIO", NSS_STATUS_UNAVAIL, EIO},
	    {"unavail EMFILE", NSS_STATUS_UNAVAIL, EMFILE},
	    {"notfound", NSS_STATUS_NOTFOUND, ENOENT},
	    {"hang", NSS_STATUS_NOTFOUND, ENOENT},
	};

	if (strcmp(mode, "crash") == 0)
		abort();
	if (strcmp(mode, "hang") == 0)
		(void)sleep(30);
	for (size_t i = 0; i < sizeof(FAILURES) / sizeof(FAILURES[0]); i++) {
		if (strcmp(mode, FAILURES[i].name) == 0) {
			*errnop = FAILURES[i].code;
			return FAILURES[i].status;
		}
	}
	return NSS_STATUS_SUCCESS;
}

/* Common to both maps: the requested failure, or the user. */
static enum nss_status
look_up(
    const char *name, const char *map, char mode[64], uid_t *uid, int *errnop)
{
	enum nss_status status;

	*errnop = ENOENT;
	if (!find_number(USERS, name, uid))
		return NSS_STATUS_NOTFOUND;
	read_word(map, mode);
	status = fail_with(mode, errnop);
	if (status == NSS_STATUS_SUCCESS && !daemon_answers())
		status = NSS_STATUS_UNAVAIL;
	return status;
}

enum nss_status
_nss_probe_getpwnam_r(
    const char *name, struct passwd *entry, char *buf, size_t size, int *errnop)
{
	char mode[64] = "";
	uid_t uid = 0;
	enum nss_status status = look_up(
	    name, "/run/probe.passwd", mode, &uid, errnop);

	if (status != NSS_STATUS_SUCCESS)
		return status;
	if (size < strlen(name) + 1) {
		*errnop = ERANGE;
		return NSS_STATUS_TRYAGAIN;
	}
	strcpy(buf, name);
	for (char *at = buf; strcmp(mode, "case") == 0 && *at != '\0'; at++)
		*at = (char)toupper((unsigned char)*at);
	*entry = (struct passwd){
	    .pw_name = buf,
	    .pw_passwd = strcmp(mode, "unshadowed") == 0 ? "*" : "x",
	    .pw_uid = strcmp(mode, "uid") == 0 ? uid + 1 : uid,
	    .pw_gid = 100,
	    .pw_gecos = "",
	    .pw_dir = "/",
	    .pw_shell = "/bin/sh",
	};
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_probe_getspnam_r(
    const char *name, struct spwd *entry, char *buf, size_t size, int *errnop)
{
	char mode[64] = "";
	uid_t uid = 0;
	enum nss_status status = look_up(
	    name, "/run/probe.shadow", mode, &uid, errnop);

	if (status != NSS_STATUS_SUCCESS)
		return status;
	if (size < strlen(name) + 1) {
		*errnop = ERANGE;
		return NSS_STATUS_TRYAGAIN;
	}
	strcpy(buf, name);
	*entry = (struct spwd){
	    .sp_namp = buf,
	    .sp_pwdp = strcmp(mode, "locked") == 0 ? "!$6$x$x" : "*",
	    .sp_lstchg = 19000,
	    .sp_min = -1,
	    .sp_max = -1,
	    .sp_warn = -1,
	    .sp_inact = -1,
	    .sp_expire = strcmp(mode, "expired") == 0 ? 1 : -1,
	};
	return NSS_STATUS_SUCCESS;
}

/* One group at most; glibc's list has room for it. */
enum nss_status
_nss_probe_initgroups_dyn(const char *name, gid_t primary, long *start,
    long *size, gid_t **groups, long most, int *errnop)
{
	gid_t gid;

	(void)most;
	*errnop = ENOENT;
	if (!find_number(MEMBERS, name, &gid) || gid == primary ||
	    *start == *size)
		return NSS_STATUS_NOTFOUND;
	(*groups)[(*start)++] = gid;
	return NSS_STATUS_SUCCESS;
}
