#include "proftpd_config.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "textfile.h"

#define BLANKS " \t\r\n"
#define DEPTH_MAX 8

struct walk {
	const char *name;
	struct setting *setting;
	unsigned depth;
	bool is_found;
};

static void walk_file(struct walk *walk, const char *path);

/* Of a directory, every file in it. */
static void
walk_include(struct walk *walk, const char *pattern)
{
	char path[512];
	struct stat status;
	glob_t found = {0};
	bool is_directory = stat(pattern, &status) == 0 &&
	    S_ISDIR(status.st_mode);

	(void)snprintf(
	    path, sizeof(path), "%s%s", pattern, is_directory ? "/*" : "");
	if (walk->depth < DEPTH_MAX && glob(path, 0, NULL, &found) == 0) {
		walk->depth++;
		for (size_t i = 0; i < found.gl_pathc; i++)
			walk_file(walk, found.gl_pathv[i]);
		walk->depth--;
	}
	globfree(&found);
}

static void
walk_line(struct walk *walk, char *line, const char *path, size_t number)
{
	struct setting *setting = walk->setting;
	char *rest = NULL;
	const char *word = strtok_r(line, BLANKS, &rest);
	const char *value = strtok_r(NULL, BLANKS "\"", &rest);

	if (word == NULL || value == NULL)
		return;
	if (strcasecmp(word, "Include") == 0) {
		walk_include(walk, value);
	} else if (strcasecmp(word, walk->name) == 0) {
		walk->is_found = true;
		(void)snprintf(
		    setting->file, sizeof(setting->file), "%s", path);
		setting->number = number;
		(void)snprintf(
		    setting->value, sizeof(setting->value), "%s", value);
	}
}

static void
walk_file(struct walk *walk, const char *path)
{
	FILE *file = textfile_open(path);
	char *line = NULL;
	size_t size = 0, number = 0;

	while (file != NULL && getline(&line, &size, file) >= 0)
		walk_line(walk, line, path, ++number);
	free(line);
	if (file != NULL)
		(void)fclose(file);
}

bool
proftpd_config_find(const char *name, struct setting *setting)
{
	struct walk walk = {.name = name, .setting = setting};

	*setting = (struct setting){0};
	walk_file(&walk, PROFTPD_CONFIG);
	return walk.is_found;
}
