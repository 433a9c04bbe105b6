#include "doctor/set_uid_programs.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/parse.h"
#include "cli/textfile.h"
#include "pam/pamstack.h"

#define LIBPAM "libpam.so.0"
#define READ_MAX ((size_t)16 << 20)
#define PROGRAMS_MAX 64
#define DESCRIPTORS 16
#define DEPTH_MAX 4

/* Where programs lie that nobody calls by their name. */
static const char *const TREES[] = {"/usr/bin", "/usr/sbin", "/usr/lib",
    "/usr/lib64", "/usr/libexec", "/usr/local/bin", "/usr/local/sbin",
    "/usr/local/lib", "/usr/local/libexec"};

static const char *const PLACES[] = {
    "/usr/bin", "/usr/sbin", "/bin", "/usr/local/bin", "/usr/local/sbin"};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/*
 * All that are linked with libpam. Found once: the walk reads many directories,
 * and nftw(3) hands its visitor no argument.
 */
static struct {
	struct set_uid_program list[PROGRAMS_MAX];
	size_t count;
	bool is_complete;
} found;

static bool
is_privileged(const struct stat *status)
{
	return S_ISREG(status->st_mode) &&
	    (status->st_mode & (S_ISUID | S_ISGID)) != 0 &&
	    (status->st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
}

/* Whether a program has this string, with a NUL on both sides. */
static bool
has_string(const char *path, const char *text)
{
	size_t len = strlen(text), size = 0;
	char *bytes = malloc(READ_MAX), wanted[PARSE_SERVICE_MAX + 3] = "";
	FILE *file = textfile_open(path);
	bool has;

	if (bytes != NULL && file != NULL)
		size = fread(bytes, 1, READ_MAX, file);
	(void)snprintf(wanted + 1, sizeof(wanted) - 1, "%s", text);
	has = size > 0 && memmem(bytes, size, wanted, len + 2) != NULL;
	if (file != NULL)
		(void)fclose(file);
	free(bytes);
	return has;
}

static void
set_program(struct set_uid_program *program, const char *path, mode_t mode)
{
	(void)snprintf(program->path, sizeof(program->path), "%s", path);
	program->is_set_uid = (mode & S_ISUID) != 0;
	program->is_for_all = (mode & S_IXOTH) != 0;
}

static int
visit(const char *path, const struct stat *status, int type, struct FTW *place)
{
	if (type == FTW_D && place->level >= DEPTH_MAX)
		return FTW_SKIP_SUBTREE;
	if (type == FTW_F && is_privileged(status) &&
	    found.count < PROGRAMS_MAX && has_string(path, LIBPAM))
		set_program(&found.list[found.count++], path, status->st_mode);
	return FTW_CONTINUE;
}

static void
find_all(void)
{
	if (found.is_complete)
		return;
	for (size_t i = 0; i < COUNT(TREES); i++)
		(void)nftw(
		    TREES[i], visit, DESCRIPTORS, FTW_PHYS | FTW_ACTIONRETVAL);
	found.is_complete = true;
}

bool
set_uid_programs_find_by_name(
    const char *service, struct set_uid_program *program, bool *is_taken)
{
	/* su-l and sudo-i are services of su and sudo. */
	size_t len = strcspn(service, "-");

	*is_taken = false;
	for (size_t i = 0; i < COUNT(PLACES); i++) {
		char path[PATH_MAX];
		struct stat status;

		(void)snprintf(path, sizeof(path), "%s/%.*s", PLACES[i],
		    (int)len, service);
		if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
			continue;
		*is_taken = true;
		if (is_privileged(&status)) {
			set_program(program, path, status.st_mode);
			return true;
		}
	}
	return false;
}

bool
set_uid_programs_find_by_content(
    const char *service, struct set_uid_program *program)
{
	/* chfn has the word other, but for something else. */
	if (strcmp(service, PAMSTACK_DEFAULT) == 0)
		return false;
	find_all();
	for (size_t i = 0; i < found.count; i++) {
		if (has_string(found.list[i].path, service)) {
			*program = found.list[i];
			return true;
		}
	}
	return false;
}

bool
set_uid_programs_find_called(const char *name, struct set_uid_program *program)
{
	find_all();
	for (size_t i = 0; i < found.count; i++) {
		const char *path = found.list[i].path;

		if (strcmp(strrchr(path, '/') + 1, name) == 0) {
			*program = found.list[i];
			return true;
		}
	}
	return false;
}
