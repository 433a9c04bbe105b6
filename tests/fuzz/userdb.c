#include "userdb.h"

#include <errno.h>
#include <string.h>

#include "fuzz.h"

struct userdb_text userdb_passwd, userdb_shadow;
int userdb_failure;
bool (*userdb_is_due)(void);

/* The project finds these in place of libc's. */
FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *buf,
    size_t size, struct passwd **found);
int __wrap_getspnam_r(const char *name, struct spwd *entry, char *buf,
    size_t size, struct spwd **found);

/* As libc's `files` has it: lines for NIS are nobody's (nsswitch.conf(5)). */
static bool
is_entry(const char *found, const char *name)
{
	return strcmp(found, name) == 0 && strchr("+-", found[0]) == NULL;
}

FILE *
userdb_open(const struct userdb_text *text)
{
	/* In this mode fmemopen only reads. */
	FILE *file = text->bytes == NULL
	    ? NULL
	    : fmemopen((void *)(uintptr_t)text->bytes, text->len, "r");

	FUZZ_REQUIRE(file != NULL || text->bytes == NULL);
	return file;
}

bool
userdb_next_passwd(FILE *file, const char *name, struct passwd *entry,
    char buf[USERDB_ENTRY_MAX])
{
	struct passwd *found;
	int code;

	while ((code = fgetpwent_r(
		    file, entry, buf, USERDB_ENTRY_MAX, &found)) == 0) {
		if (name == NULL || is_entry(entry->pw_name, name))
			return true;
	}
	FUZZ_REQUIRE(code == ENOENT);
	return false;
}

bool
userdb_next_shadow(FILE *file, const char *name, struct spwd *entry,
    char buf[USERDB_ENTRY_MAX])
{
	struct spwd *found;
	int code;

	while ((code = fgetspent_r(
		    file, entry, buf, USERDB_ENTRY_MAX, &found)) == 0) {
		if (name == NULL || is_entry(entry->sp_namp, name))
			return true;
	}
	FUZZ_REQUIRE(code == ENOENT);
	return false;
}

/* The error of this look-up; 0: none. */
static int
failure(void)
{
	return userdb_is_due != NULL && userdb_is_due() ? EMFILE
							: userdb_failure;
}

FILE *
__wrap_fopen(const char *path, const char *mode)
{
	const struct userdb_text *text = NULL;
	FILE *file;

	if (strcmp(path, "/etc/passwd") == 0)
		text = &userdb_passwd;
	else if (strcmp(path, "/etc/shadow") == 0)
		text = &userdb_shadow;
	else
		return __real_fopen(path, mode);
	errno = failure();
	if (errno != 0)
		return NULL;
	file = userdb_open(text);
	if (file == NULL)
		errno = ENOENT;
	return file;
}

int
__wrap_getpwnam_r(const char *name, struct passwd *entry, char *buf,
    size_t size, struct passwd **found)
{
	FILE *file = userdb_open(&userdb_passwd);
	int code = failure();

	*found = NULL;
	while (file != NULL && *found == NULL && code == 0) {
		code = fgetpwent_r(file, entry, buf, size, found);
		if (code == 0 && !is_entry(entry->pw_name, name))
			*found = NULL;
	}
	if (file != NULL)
		(void)fclose(file);
	return code == ENOENT ? 0 : code;
}

int
__wrap_getspnam_r(const char *name, struct spwd *entry, char *buf, size_t size,
    struct spwd **found)
{
	FILE *file = userdb_open(&userdb_shadow);
	int code = failure();

	*found = NULL;
	while (file != NULL && *found == NULL && code == 0) {
		code = fgetspent_r(file, entry, buf, size, found);
		if (code == 0 && !is_entry(entry->sp_namp, name))
			*found = NULL;
	}
	if (file != NULL)
		(void)fclose(file);
	return code == ENOENT ? 0 : code;
}
