#include "doctor/config_walk.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "cli/textfile.h"

#define BLANKS " \t\r\n\""
#define INCLUDE "include"
#define DEPTH_MAX 8

struct walk {
	config_walk_visitor *visit;
	void *arg;
	unsigned depth;
};

static void walk_file(struct walk *walk, const char *path);

/* If the pattern matches a directory, visits every file in it. */
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
	const char *word = line + strspn(line, " \t");
	size_t len = strcspn(word, BLANKS);
	char *rest = NULL;

	if (len != strlen(INCLUDE) || strncasecmp(word, INCLUDE, len) != 0) {
		walk->visit(line, path, number, walk->arg);
		return;
	}
	(void)strtok_r(line, BLANKS, &rest);
	while ((word = strtok_r(NULL, BLANKS, &rest)) != NULL)
		walk_include(walk, word);
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

void
config_walk(const char *path, config_walk_visitor *visit, void *arg)
{
	struct walk walk = {.visit = visit, .arg = arg};

	walk_file(&walk, path);
}
