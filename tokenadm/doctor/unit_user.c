#include "doctor/unit_user.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/textfile.h"

#define DROP_INS_MAX 64

/* In the order of systemd.unit(5): an earlier one wins. */
static const char *const DIRECTORIES[] = {"/etc/systemd/system",
    "/run/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system", "/lib/systemd/system"};
#define COUNT (sizeof(DIRECTORIES) / sizeof(DIRECTORIES[0]))

struct unit {
	struct setting user; /* number is 0: root */
	bool has_rights;     /* capabilities to open any file */
	bool in_service;     /* the section */
};

static bool
is_root(const char *user)
{
	return user[0] == '\0' || strcmp(user, "root") == 0 ||
	    strcmp(user, "0") == 0;
}

static bool
is_true(const char *value)
{
	return strcasecmp(value, "yes") == 0 || strcasecmp(value, "on") == 0 ||
	    strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

static void
set_user(struct unit *unit, const char *file, size_t number, const char *value)
{
	struct setting *user = &unit->user;

	(void)snprintf(user->file, sizeof(user->file), "%s", file);
	(void)snprintf(user->value, sizeof(user->value), "%s", value);
	user->number = number;
}

/* The value of KEY= in the line; NULL if it is another line. */
static const char *
value_of(const char *line, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(line, key, len) != 0)
		return NULL;
	line += len + strspn(line + len, " \t");
	return *line == '=' ? line + 1 + strspn(line + 1, " \t") : NULL;
}

static void
take_line(struct unit *unit, char *line, const char *file, size_t number)
{
	size_t len = strcspn(line, "\r\n");
	const char *value;

	while (len > 0 && strchr(" \t", line[len - 1]) != NULL)
		len--;
	line[len] = '\0';
	line += strspn(line, " \t");
	if (line[0] == '[')
		unit->in_service = strcmp(line, "[Service]") == 0;
	if (!unit->in_service)
		return;
	value = value_of(line, "User");
	if (value != NULL && is_root(value))
		unit->user = (struct setting){0};
	else if (value != NULL)
		set_user(unit, file, number, value);
	value = value_of(line, "DynamicUser");
	if (value != NULL && is_true(value) && unit->user.number == 0)
		set_user(unit, file, number, "a user of its own");
	value = value_of(line, "AmbientCapabilities");
	if (value != NULL && strcasestr(value, "CAP_DAC_") != NULL)
		unit->has_rights = true;
}

static bool
read_file(struct unit *unit, const char *path)
{
	FILE *file = textfile_open(path);
	char *line = NULL;
	size_t size = 0, number = 0;

	if (file == NULL)
		return false;
	unit->in_service = false;
	while (getline(&line, &size, file) >= 0)
		take_line(unit, line, path, ++number);
	free(line);
	(void)fclose(file);
	return true;
}

static const char *
base_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int
compare(const void *one, const void *other)
{
	const char *const *a = one, *const *b = other;

	return strcmp(base_of(*a), base_of(*b));
}

/* Reads drop-ins by name; of two with one name, that of the earlier place. */
static void
read_drop_ins(struct unit *unit, const char *name)
{
	const char *paths[DROP_INS_MAX] = {NULL};
	size_t count = 0;
	glob_t found = {0};

	for (size_t i = 0; i < COUNT; i++) {
		char pattern[512];

		(void)snprintf(pattern, sizeof(pattern),
		    "%s/%s.service.d/*.conf", DIRECTORIES[i], name);
		(void)glob(pattern, i > 0 ? GLOB_APPEND : 0, NULL, &found);
	}
	for (size_t i = 0; i < found.gl_pathc && count < DROP_INS_MAX; i++) {
		size_t j = 0;

		while (j < count && compare(&paths[j], &found.gl_pathv[i]) != 0)
			j++;
		if (j == count)
			paths[count++] = found.gl_pathv[i];
	}
	qsort(paths, count, sizeof(paths[0]), compare);
	for (size_t i = 0; i < count; i++)
		(void)read_file(unit, paths[i]);
	globfree(&found);
}

bool
unit_user_lacks_root(const char *name, struct setting *setting)
{
	struct unit unit = {0};
	bool is_there = false;

	for (size_t i = 0; i < COUNT && !is_there; i++) {
		char path[512];

		(void)snprintf(
		    path, sizeof(path), "%s/%s.service", DIRECTORIES[i], name);
		is_there = read_file(&unit, path);
	}
	if (!is_there)
		return false;
	read_drop_ins(&unit, name);
	*setting = unit.user;
	return unit.user.number != 0 && !unit.has_rights;
}
