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
#define CRITERIA_SIZE 1024

/* A Match block: its line, and its criteria with those of blocks around it. */
struct block {
	struct setting line; /* number is 0: outside of any */
	char criteria[CRITERIA_SIZE];
};

/* A line: its setting, the rest, and where it stands. */
struct line {
	const char *name;
	char *rest; /* what strtok_r left */
	const char *file;
	size_t number;
	const struct block *block;
};

/* Returns true to end the walk. */
typedef bool line_visitor(const struct line *line, void *arg);

struct walk {
	line_visitor *visit;
	void *arg;
	unsigned depth;
	bool is_over;
};

static void walk_file(
    struct walk *walk, const char *path, const struct block *around);

static void
walk_pattern(struct walk *walk, const char *pattern, const struct block *around)
{
	char path[512];
	glob_t found = {0};

	(void)snprintf(path, sizeof(path), "%s%s",
	    pattern[0] == '/' ? "" : DIRECTORY "/", pattern);
	if (walk->depth < DEPTH_MAX && glob(path, 0, NULL, &found) == 0) {
		walk->depth++;
		for (size_t i = 0; i < found.gl_pathc && !walk->is_over; i++)
			walk_file(walk, found.gl_pathv[i], around);
		walk->depth--;
	}
	globfree(&found);
}

static void
enter_block(
    struct block *block, const struct block *around, const struct line *line)
{
	char *rest = line->rest;

	rest += strspn(rest, BLANKS "=");
	rest[strcspn(rest, "\r\n#")] = '\0';
	(void)snprintf(
	    block->line.file, sizeof(block->line.file), "%s", line->file);
	block->line.number = line->number;
	(void)snprintf(
	    block->line.value, sizeof(block->line.value), "%s", rest);
	/* Criteria that are too long become one that nobody knows. */
	if (snprintf(block->criteria, sizeof(block->criteria), "%s %s",
		around->criteria, rest) >= (int)sizeof(block->criteria))
		strcpy(block->criteria, "too-long ?");
}

/* A file that is included in a Match block is part of it. */
static void
walk_line(struct walk *walk, struct line *line, char *text, struct block *block,
    const struct block *around)
{
	line->name = strtok_r(text, BLANKS "=", &line->rest);
	if (line->name == NULL || line->name[0] == '#')
		return;
	if (strcasecmp(line->name, "include") == 0) {
		const char *word;

		while (!walk->is_over &&
		    (word = strtok_r(NULL, BLANKS "\"", &line->rest)) != NULL)
			walk_pattern(walk, word, block);
		return;
	}
	if (strcasecmp(line->name, "match") == 0)
		enter_block(block, around, line);
	walk->is_over = walk->visit(line, walk->arg);
}

static void
walk_file(struct walk *walk, const char *path, const struct block *around)
{
	FILE *file = textfile_open(path);
	struct block block = *around;
	struct line line = {.file = path, .block = &block};
	char *text = NULL;
	size_t size = 0;

	while (!walk->is_over && file != NULL &&
	    getline(&text, &size, file) >= 0) {
		line.number++;
		walk_line(walk, &line, text, &block, around);
	}
	free(text);
	if (file != NULL)
		(void)fclose(file);
}

static void
walk_config(line_visitor *visit, void *arg)
{
	const struct block none = {0};
	struct walk walk = {.visit = visit, .arg = arg};

	walk_file(&walk, SSHD_CONFIG, &none);
}

/* Old names, which sshd still takes. */
static bool
is_named(const char *word, const char *name)
{
	static const char *const OLD[][2] = {
	    {"ChallengeResponseAuthentication", "KbdInteractiveAuthentication"},
	    {"SkeyAuthentication", "KbdInteractiveAuthentication"},
	};

	if (strcasecmp(word, name) == 0)
		return true;
	for (size_t i = 0; i < sizeof(OLD) / sizeof(OLD[0]); i++) {
		if (strcasecmp(word, OLD[i][0]) == 0 &&
		    strcasecmp(name, OLD[i][1]) == 0)
			return true;
	}
	return false;
}

struct search {
	const char *name;
	const struct sshd_login *login; /* NULL: outside of Match blocks */
	struct setting *setting;
	bool is_found, in_match;
};

static bool
look_for(const struct line *line, void *arg)
{
	struct search *search = arg;
	struct setting *setting = search->setting;
	bool in_match = line->block->line.number != 0;
	char *rest = line->rest;
	const char *value;

	if (strcasecmp(line->name, "match") == 0) {
		if (strcasecmp(search->name, "match") != 0)
			return false;
		*setting = line->block->line;
		search->is_found = true;
		return true;
	}
	if (!is_named(line->name, search->name) ||
	    (in_match ? search->login == NULL ||
			sshd_match_criteria(search->login,
			    line->block->criteria) != SSHD_MATCH_YES
		      : search->is_found))
		return false;
	search->is_found = true;
	search->in_match = in_match;
	value = strtok_r(NULL, BLANKS "=\"", &rest);
	(void)snprintf(setting->file, sizeof(setting->file), "%s", line->file);
	(void)snprintf(setting->value, sizeof(setting->value), "%s",
	    value != NULL ? value : "");
	setting->number = line->number;
	/* A Match block overrides what stands outside. */
	return in_match || search->login == NULL;
}

bool
sshd_config_find(const char *name, struct setting *setting)
{
	struct search search = {.name = name, .setting = setting};

	*setting = (struct setting){0};
	walk_config(look_for, &search);
	return search.is_found;
}

bool
sshd_config_find_for(const struct sshd_login *login, const char *name,
    struct setting *setting, bool *in_match)
{
	struct search search = {
	    .name = name, .login = login, .setting = setting};

	*setting = (struct setting){0};
	walk_config(look_for, &search);
	*in_match = search.in_match;
	return search.is_found;
}

static bool
decides(const char *name)
{
	static const char *const NAMES[] = {"PasswordAuthentication",
	    "KbdInteractiveAuthentication", "AuthenticationMethods",
	    "PermitRootLogin", "AllowUsers", "DenyUsers", "AllowGroups",
	    "DenyGroups", "RefuseConnection"};

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		if (is_named(name, NAMES[i]))
			return true;
	}
	return false;
}

static bool
look_for_unknown(const struct line *line, void *arg)
{
	struct search *search = arg;

	if (line->block->line.number == 0 || !decides(line->name) ||
	    (search->login != NULL &&
		sshd_match_criteria(search->login, line->block->criteria) !=
		    SSHD_MATCH_UNKNOWN))
		return false;
	*search->setting = line->block->line;
	search->is_found = true;
	return true;
}

bool
sshd_config_find_unknown(
    const struct sshd_login *login, struct setting *setting)
{
	struct search search = {.login = login, .setting = setting};

	*setting = (struct setting){0};
	walk_config(look_for_unknown, &search);
	return search.is_found;
}
