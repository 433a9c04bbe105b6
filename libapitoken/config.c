#include "config.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "list.h"
#include "parse.h"
#include "safe.h"

#define FILE_MAX (64 * 1024)
#define LINE_MAX_LEN 1024
#define BLANKS " \t"

enum kind {
	KIND_PATH,     /* absolute */
	KIND_NUMBER,   /* from least to most */
	KIND_SECONDS,  /* a duration from least to most */
	KIND_EXPIRY,   /* a duration of at least a second, or never */
	KIND_SERVICES, /* a list of services, or any */
	KIND_CHOICE,   /* one of two words: false or true */
};

struct setting {
	const char *section, *key;
	enum kind kind;
	size_t offset;
	uint64_t least, most;
	const char *words[2]; /* of a choice: for false and for true */
};

#define AT(member) offsetof(struct config, member)

/* Every key there is; apitoken.conf(5) describes each. */
static const struct setting SETTINGS[] = {
    {"store", "directory", KIND_PATH, AT(directory), 0, 0, {0}},
    {"store", "key", KIND_PATH, AT(key), 0, 0, {0}},
    {"store", "lock_timeout", KIND_SECONDS, AT(lock_timeout), 1, 60, {0}},
    {"policy", "max_tokens", KIND_NUMBER, AT(policy.max_tokens), 0, 10000, {0}},
    {"policy", "keep_dead", KIND_NUMBER, AT(policy.keep_dead), 0, 10000, {0}},
    {"policy", "default_expiry", KIND_EXPIRY, AT(policy.default_expiry), 0, 0,
	{0}},
    {"policy", "max_expiry", KIND_EXPIRY, AT(policy.max_expiry), 0, 0, {0}},
    {"policy", "services", KIND_SERVICES, AT(policy.services), 0, 0, {0}},
    {"account", "locked_password", KIND_CHOICE, AT(account.ignore_locked), 0, 0,
	{"disabled", "ignore"}},
    {"account", "no_password", KIND_CHOICE, AT(account.require_password), 0, 0,
	{"enabled", "disabled"}},
    {"account", "root", KIND_CHOICE, AT(account.allow_root), 0, 0,
	{"disabled", "enabled"}},
    {"account", "shell", KIND_CHOICE, AT(account.require_shell), 0, 0,
	{"ignore", "disabled"}},
};

#define SETTING_COUNT (sizeof(SETTINGS) / sizeof(SETTINGS[0]))

/* Where the parser stands. */
struct parser {
	struct config *config;
	const char *name; /* of the file */
	unsigned line;
	char section[32];
	bool seen[SETTING_COUNT];
	struct error *why;
};

static const struct config DEFAULTS = {
    .directory = LOCALSTATEDIR "/lib/apitoken",
    .key = SYSCONFDIR "/apitoken/key",
    .lock_timeout = 5,
    .policy =
	{
	    .max_tokens = 10,
	    .keep_dead = 32,
	    .default_expiry = INT64_C(90) * 24 * 60 * 60,
	    .max_expiry = TIME_NEVER,
	    .services = "any",
	},
};

static enum err
bad_line(const struct parser *parser, const char *what, const char *value)
{
	return error_set(parser->why, ERR_CONFIG, "%s:%u: %s%s%s", parser->name,
	    parser->line, what, value[0] != '\0' ? ": " : "", value);
}

static enum err
set_path(const struct parser *parser, char *path, const char *value)
{
	if (value[0] != '/')
		return bad_line(parser, "not an absolute path", value);
	if (strlen(value) > CONFIG_PATH_MAX)
		return bad_line(parser, "the path is too long", "");
	strcpy(path, value);
	return ERR_OK;
}

static enum err
set_number(const struct parser *parser, const struct setting *setting,
    void *member, const char *value)
{
	uint64_t number;

	if (!parse_number(value, setting->most, &number) ||
	    number < setting->least)
		return bad_line(parser, "not a number in range", value);
	memcpy(member, &number, sizeof(number));
	return ERR_OK;
}

static enum err
set_seconds(const struct parser *parser, const struct setting *setting,
    void *member, const char *value)
{
	bool is_expiry = setting->kind == KIND_EXPIRY;
	int64_t least = is_expiry ? 1 : (int64_t)setting->least;
	int64_t most = is_expiry ? TIME_NEVER : (int64_t)setting->most;
	int64_t seconds = TIME_NEVER;

	if (!(is_expiry && strcmp(value, "never") == 0) &&
	    !parse_duration(value, &seconds))
		return bad_line(parser, "not a duration, such as 90d", value);
	if (seconds < least || seconds > most)
		return bad_line(parser, "out of range", value);
	memcpy(member, &seconds, sizeof(seconds));
	return ERR_OK;
}

static enum err
set_services(const struct parser *parser, char *list, const char *value)
{
	char bad[LIST_WORD_MAX + 1];

	if (!list_parse(
		value, parse_is_service, list, RECORD_SERVICES_MAX + 1, bad))
		return bad_line(parser, "not a list of services", bad);
	return ERR_OK;
}

static enum err
set_choice(const struct parser *parser, const struct setting *setting,
    bool *member, const char *value)
{
	char expected[64];

	for (int i = 0; i < 2; i++) {
		if (strcmp(value, setting->words[i]) == 0) {
			*member = i == 1;
			return ERR_OK;
		}
	}
	(void)snprintf(expected, sizeof(expected), "%s is %s or %s",
	    setting->key, setting->words[0], setting->words[1]);
	return bad_line(parser, expected, value);
}

static enum err
set_value(struct parser *parser, size_t number, const char *value)
{
	const struct setting *setting = &SETTINGS[number];
	void *member = (char *)parser->config + setting->offset;

	if (parser->seen[number])
		return bad_line(parser, "set twice", setting->key);
	parser->seen[number] = true;
	switch (setting->kind) {
	case KIND_PATH:
		return set_path(parser, member, value);
	case KIND_NUMBER:
		return set_number(parser, setting, member, value);
	case KIND_SECONDS:
	case KIND_EXPIRY:
		return set_seconds(parser, setting, member, value);
	case KIND_SERVICES:
		return set_services(parser, member, value);
	case KIND_CHOICE:
		return set_choice(parser, setting, member, value);
	}
	return ERR_INTERNAL;
}

static void
trim_end(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && strchr(BLANKS, text[len - 1]) != NULL)
		text[--len] = '\0';
}

static enum err
parse_section(struct parser *parser, char *line)
{
	size_t len = strlen(line);

	if (line[len - 1] != ']')
		return bad_line(parser, "a section is written [name]", line);
	line[len - 1] = '\0';
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(SETTINGS[i].section, line + 1) == 0) {
			strcpy(parser->section, line + 1);
			return ERR_OK;
		}
	}
	return bad_line(parser, "unknown section", line + 1);
}

static enum err
parse_setting(struct parser *parser, char *line)
{
	char *equals = strchr(line, '='), *value;

	if (equals == NULL)
		return bad_line(parser, "no `=` in this line", line);
	*equals = '\0';
	trim_end(line);
	value = equals + 1 + strspn(equals + 1, BLANKS);
	if (parser->section[0] == '\0')
		return bad_line(parser, "before the first [section]", line);
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(SETTINGS[i].section, parser->section) == 0 &&
		    strcmp(SETTINGS[i].key, line) == 0)
			return set_value(parser, i, value);
	}
	return bad_line(parser, "unknown key", line);
}

/* Judges one line, which it may change. */
static enum err
parse_line(struct parser *parser, char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (((unsigned char)line[i] < ' ' && line[i] != '\t') ||
		    line[i] == 0x7f)
			return bad_line(parser,
			    "control character (Windows line ends?)", "");
	}
	trim_end(line);
	if (line[0] == '\0' || line[0] == '#')
		return ERR_OK;
	if (strchr(BLANKS, line[0]) != NULL)
		return bad_line(parser, "an indented line", "");
	return line[0] == '[' ? parse_section(parser, line)
			      : parse_setting(parser, line);
}

enum err
config_parse(struct config *config, const char *text, size_t len,
    const char *name, struct error *why)
{
	struct parser parser = {.config = config, .name = name, .why = why};
	const char *end = text + len;
	enum err rc = ERR_OK;

	*config = DEFAULTS;
	while (rc == ERR_OK && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t line_len = (size_t)((newline != NULL ? newline : end) -
		    text);
		char line[LINE_MAX_LEN + 1];

		parser.line++;
		if (line_len > LINE_MAX_LEN)
			return bad_line(&parser, "the line is too long", "");
		memcpy(line, text, line_len);
		line[line_len] = '\0';
		rc = parse_line(&parser, line, line_len);
		text += line_len + 1;
	}
	return rc;
}

enum err
config_read(struct config *config, const char *path, struct error *why)
{
	const char *name = path != NULL ? path : CONFIG_FILE;
	char *text =
	    NULL; /* not on the stack: a host's threads may have little */
	size_t len = 0;
	int fd = -1;
	enum err rc;

	*config = DEFAULTS;
	rc = safe_open(name, O_RDONLY, SAFE_READABLE, &fd, why);
	if (rc == ERR_MISSING && path == NULL)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	text = malloc(FILE_MAX);
	if (text == NULL) {
		rc = error_plain(why, ERR_NOMEM);
		goto out;
	}
	rc = safe_read(fd, name, text, FILE_MAX, &len, why);
	if (rc != ERR_OK)
		goto out;
	if (len > FILE_MAX)
		rc = error_set(why, ERR_CONFIG, "%s: larger than %d bytes",
		    name, FILE_MAX);
	else
		rc = config_parse(config, text, len, name, why);
out:
	free(text);
	(void)close(fd);
	return rc;
}
