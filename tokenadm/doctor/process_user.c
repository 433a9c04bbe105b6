#include "doctor/process_user.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/textfile.h"
#include "session/process.h"

/*
 * Anybody can run a program of this name: what counts is what the machine runs,
 * as root, as a system account, or as one that systemd invents.
 */
#define SYSTEM_UID_MAX 999
#define DYNAMIC_UID_MIN 61184
#define DYNAMIC_UID_MAX 65519

/* CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SETUID */
#define RIGHTS (1U << 1 | 1U << 2 | 1U << 7)

static bool
is_of_machine(uid_t uid)
{
	return uid <= SYSTEM_UID_MAX ||
	    (uid >= DYNAMIC_UID_MIN && uid <= DYNAMIC_UID_MAX);
}

/* What is called apache2 may be shown as "(apache2)", or run "apache2.real". */
static bool
is_program(uint64_t pid, const char *program)
{
	char link[64], path[PATH_MAX], name[64];
	ssize_t len;
	size_t size;

	(void)snprintf(link, sizeof(link), "/proc/%" PRIu64 "/exe", pid);
	len = readlink(link, path, sizeof(path) - 1);
	if (len > 0) {
		path[len] = '\0';
		if (strcmp(strrchr(path, '/') + 1, program) == 0)
			return true;
	}
	if (process_read_file(pid, "comm", name, sizeof(name), &size) != 0)
		return false;
	name[strcspn(name, "\n")] = '\0';
	return strcmp(name, program) == 0;
}

/* A container's processes are not this machine's services. */
static bool
is_here(uint64_t pid)
{
	char link[64], own[64] = "", other[64] = "";

	(void)snprintf(link, sizeof(link), "/proc/%" PRIu64 "/ns/pid", pid);
	return readlink(link, other, sizeof(other) - 1) > 0 &&
	    readlink("/proc/self/ns/pid", own, sizeof(own) - 1) > 0 &&
	    strcmp(own, other) == 0;
}

/* Whether it may read any file, or owns root's. */
static bool
has_capability(uint64_t pid)
{
	char text[4096];
	const char *line;
	size_t len;

	(void)process_read_file(pid, "status", text, sizeof(text), &len);
	line = strstr(text, "\nCapPrm:");
	return line != NULL && (strtoull(line + 8, NULL, 16) & RIGHTS) != 0;
}

static bool
has_libpam(uint64_t pid)
{
	char path[64], *line = NULL;
	size_t size = 0;
	bool has = false;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%" PRIu64 "/maps", pid);
	file = textfile_open(path);
	while (!has && file != NULL && getline(&line, &size, file) >= 0)
		has = strstr(line, "/libpam.so.0") != NULL;
	free(line);
	if (file != NULL)
		(void)fclose(file);
	return has;
}

static void
count(uint64_t pid, const char *program, struct process_user *users)
{
	uid_t uids[3];

	if (!is_program(pid, program) || !is_here(pid) ||
	    !process_read_uids(pid, uids) || !is_of_machine(uids[0]) ||
	    !is_of_machine(uids[1]))
		return;
	if (uids[0] == 0 || uids[1] == 0 || uids[2] == 0 ||
	    has_capability(pid)) {
		users->rooted++;
		return;
	}
	users->rootless++;
	users->uid = uids[1];
	users->asks = users->asks || has_libpam(pid);
}

void
process_user_count(const char *program, struct process_user *users)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;

	*users = (struct process_user){0};
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char *end;
		uint64_t pid = strtoull(entry->d_name, &end, 10);

		if (pid != 0 && *end == '\0')
			count(pid, program, users);
	}
	if (dir != NULL)
		(void)closedir(dir);
}
