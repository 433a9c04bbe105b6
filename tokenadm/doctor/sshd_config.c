#include "doctor/sshd_config.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/textfile.h"

#define DIRECTORY "/etc/ssh"
#define BLANKS " \t\r\n\f"
#define DEPTH_MAX 16 /* the same as sshd's */

struct walk {
	const char *name;
	struct setting *setting;
	unsigned depth;
	bool is_found;
};

static void walk_file(struct walk *walk, const char *path, bool in_match);

static void
walk_pattern(struct walk *walk, const char *pattern, bool in_match)
{
	char path[512];
	glob_t found = {0};

	(void)snprintf(path, sizeof(path), "%s%s",
	    pattern[0] == '/' ? "" : DIRECTORY "/", pattern);
	if (walk->depth < DEPTH_MAX && glob(path, 0, NULL, &found) == 0) {
		walk->depth++;
		for (size_t i = 0; i < found.gl_pathc && !walk->is_found; i++)
			walk_file(walk, found.gl_pathv[i], in_match);
		walk->depth--;
	}
	globfree(&found);
}

/* A file that is included in a Match block is part of it. */
static void
walk_line(struct walk *walk, char *line, bool *in_match)
{
	char *rest = NULL;
	const char *word = strtok_r(line, BLANKS "=", &rest);
	bool is_match;

	if (word == NULL || word[0] == '#')
		return;
	is_match = strcasecmp(word, "match") == 0;
	if (strcasecmp(word, walk->name) == 0 && (is_match || !*in_match)) {
		walk->is_found = true;
		word = strtok_r(NULL, BLANKS "=\"", &rest);
		(void)snprintf(walk->setting->value,
		    sizeof(walk->setting->value), "%s",
		    word != NULL ? word : "");
	} else if (is_match) {
		*in_match = true;
	} else if (strcasecmp(word, "include") == 0) {
		while (!walk->is_found &&
		    (word = strtok_r(NULL, BLANKS "\"", &rest)) != NULL)
			walk_pattern(walk, word, *in_match);
	}
}

static void
walk_file(struct walk *walk, const char *path, bool in_match)
{
	FILE *file = textfile_open(path);
	char *line = NULL;
	size_t size = 0, number = 0;

	while (!walk->is_found && file != NULL &&
	    getline(&line, &size, file) >= 0) {
		number++;
		walk_line(walk, line, &in_match);
		if (walk->is_found && walk->setting->number == 0) {
			(void)snprintf(walk->setting->file,
			    sizeof(walk->setting->file), "%s", path);
			walk->setting->number = number;
		}
	}
	free(line);
	if (file != NULL)
		(void)fclose(file);
}

bool
sshd_config_find(const char *name, struct setting *setting)
{
	struct walk walk = {.name = name, .setting = setting};

	*setting = (struct setting){0};
	walk_file(&walk, SSHD_CONFIG, false);
	return walk.is_found;
}
