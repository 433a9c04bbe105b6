#include "confine/host_program.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SELF "/proc/self/exe"
#define DELETED " (deleted)" /* proc(5), for a replaced file */

static void
strip_deleted(char *path)
{
	size_t len = strlen(path), suffix = strlen(DELETED);

	if (len > suffix && strcmp(path + len - suffix, DELETED) == 0)
		path[len - suffix] = '\0';
}

enum err
host_program_find(char path[PATH_MAX], struct error *why)
{
	struct stat status;
	ssize_t len = readlink(SELF, path, PATH_MAX - 1);

	if (len < 0 || stat(SELF, &status) != 0)
		return error_set(why, ERR_SYSTEM, SELF ": %m");
	path[len] = '\0';
	strip_deleted(path);
	if (status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(why, ERR_UNSAFE,
		    "%s: others than root may change the program", path);
	return ERR_OK;
}
