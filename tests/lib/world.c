#include "world.h"

#include <errno.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "account/name_services.h"
#include "unit.h"

struct world world = {.is_real = true};

int __real_getpwnam_r(
    const char *, struct passwd *, char *, size_t, struct passwd **);
int __wrap_getpwnam_r(
    const char *, struct passwd *, char *, size_t, struct passwd **);
int __real_getspnam_r(
    const char *, struct spwd *, char *, size_t, struct spwd **);
int __wrap_getspnam_r(
    const char *, struct spwd *, char *, size_t, struct spwd **);
bool __real_name_services_begin_with_files(void);
bool __wrap_name_services_begin_with_files(void);
FILE *__real_fopen(const char *, const char *);
FILE *__wrap_fopen(const char *, const char *);
/* What fopen is called on 32 bits, with large files. */
FILE *__wrap_fopen64(const char *, const char *)
    __attribute__((alias("__wrap_fopen")));

void
world_set_file(struct world_file *file, const char *text, size_t len)
{
	*file = (struct world_file){.text = text, .len = len};
}

void
world_set(const char *passwd, const char *shadow)
{
	world = (struct world){.directory = "", .directory_shadow = ""};
	world_set_file(&world.passwd, passwd, strlen(passwd));
	world_set_file(&world.shadow, shadow, strlen(shadow));
}

static FILE *
open_text(const char *text, size_t len)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, len, "r");

	assert_non_null(file);
	return file;
}

static int
find_passwd(const struct world_file *text, bool any_case, const char *name,
    struct passwd *entry, char *buf, size_t size, struct passwd **found)
{
	FILE *file = open_text(text->text, text->len);
	int code;

	while ((code = fgetpwent_r(file, entry, buf, size, found)) == 0) {
		if (strcmp(entry->pw_name, name) == 0 ||
		    (any_case && strcasecmp(entry->pw_name, name) == 0))
			break;
		*found = NULL;
	}
	(void)fclose(file);
	return code == ENOENT ? 0 : code;
}

static int
find_shadow(const struct world_file *text, const char *name, struct spwd *entry,
    char *buf, size_t size, struct spwd **found)
{
	FILE *file = open_text(text->text, text->len);
	int code;

	while ((code = fgetspent_r(file, entry, buf, size, found)) == 0) {
		if (strcmp(entry->sp_namp, name) == 0)
			break;
		*found = NULL;
	}
	(void)fclose(file);
	return code == ENOENT ? 0 : code;
}

int
__wrap_getpwnam_r(const char *name, struct passwd *entry, char *buf,
    size_t size, struct passwd **found)
{
	struct world_file directory;
	int code;

	if (world.is_real)
		return __real_getpwnam_r(name, entry, buf, size, found);
	world.asked++;
	*found = NULL;
	if (world.passwd_error != 0)
		return world.passwd_error;
	if (size < world.needed)
		return ERANGE;
	code = find_passwd(&world.passwd, false, name, entry, buf, size, found);
	if (code != 0 || *found != NULL)
		return code;
	world_set_file(&directory, world.directory, strlen(world.directory));
	return find_passwd(&directory, true, name, entry, buf, size, found);
}

int
__wrap_getspnam_r(const char *name, struct spwd *entry, char *buf, size_t size,
    struct spwd **found)
{
	struct world_file directory;
	int code;

	if (world.is_real)
		return __real_getspnam_r(name, entry, buf, size, found);
	*found = NULL;
	if (world.shadow_error != 0)
		return world.shadow_error;
	if (size < world.needed)
		return ERANGE;
	code = find_shadow(&world.shadow, name, entry, buf, size, found);
	if (code != 0 || *found != NULL)
		return code;
	world_set_file(
	    &directory, world.directory_shadow, strlen(world.directory_shadow));
	return find_shadow(&directory, name, entry, buf, size, found);
}

bool
__wrap_name_services_begin_with_files(void)
{
	return world.is_real ? __real_name_services_begin_with_files()
			     : world.are_files_first;
}

/* A file's text, followed by its error. */
static ssize_t
read_file(void *cookie, char *buf, size_t size)
{
	struct world_file *rest = cookie;

	if (rest->len == 0 && rest->read_error != 0) {
		errno = rest->read_error;
		return -1;
	}
	if (size > rest->len)
		size = rest->len;
	memcpy(buf, rest->text, size);
	rest->text += size;
	rest->len -= size;
	return (ssize_t)size;
}

FILE *
__wrap_fopen(const char *path, const char *mode)
{
	static struct world_file passwd, shadow;
	struct world_file *rest;

	if (world.is_real ||
	    (strcmp(path, "/etc/passwd") != 0 &&
		strcmp(path, "/etc/shadow") != 0))
		return __real_fopen(path, mode);
	/* The subject opens each of them once at a time. */
	if (strcmp(path, "/etc/passwd") == 0) {
		passwd = world.passwd;
		rest = &passwd;
	} else {
		shadow = world.shadow;
		rest = &shadow;
	}
	if (rest->open_error != 0) {
		errno = rest->open_error;
		return NULL;
	}
	return fopencookie(
	    rest, "r", (cookie_io_functions_t){.read = read_file});
}
