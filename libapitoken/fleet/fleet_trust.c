#include "fleet/fleet_trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/list.h"
#include "base/safe_file.h"
#include "config/config_values.h"
#include "config/ini.h"
#include "fleet/fleet_lines.h"

#define SUFFIX ".pub"
#define FILE_MAX 8192

enum key {
	KEY_KEY,
	KEY_MAY,
	KEY_USERS,
	KEY_SERVICES,
	KEY_NOT_AFTER,
};
#define KEY_COUNT (KEY_NOT_AFTER + 1)

static const char *const KEYS[KEY_COUNT] = {
    "key", "may", "users", "services", "not_after"};

struct filling {
	struct fleet_trust *trust;
	bool has_section;
	unsigned seen; /* a bit for each key */
};

static enum err
take_section(struct ini *ini, const char *name)
{
	struct filling *filling = ini->arg;

	if (strcmp(name, "issuer") != 0)
		return ini_error(ini, "unknown section", name);
	if (filling->has_section)
		return ini_error(ini, "a second section", name);
	filling->has_section = true;
	return ERR_OK;
}

static bool
is_right(const char *word)
{
	return strcmp(word, "issue") == 0 || strcmp(word, "revoke") == 0;
}

static enum err
set_may(struct ini *ini, struct fleet_trust *trust, const char *value)
{
	char list[sizeof("issue,revoke")], bad[LIST_WORD_MAX + 1];

	if (!list_parse(value, is_right, list, sizeof(list), bad))
		return ini_error(ini, "may is issue, revoke, or both", bad);
	trust->may_issue = list_has(list, "issue");
	trust->may_revoke = list_has(list, "revoke");
	return ERR_OK;
}

static bool
is_user(const char *word)
{
	return parse_is_printable(word, RECORD_USER_MAX) &&
	    strpbrk(word, " /:@") == NULL;
}

static enum err
set_users(struct ini *ini, struct fleet_trust *trust, const char *value)
{
	char bad[LIST_WORD_MAX + 1];

	if (!list_parse(
		value, is_user, trust->users, sizeof(trust->users), bad))
		return ini_error(ini, "not a list of users, or any", bad);
	return ERR_OK;
}

static enum err
set_not_after(struct ini *ini, struct fleet_trust *trust, const char *value)
{
	if (strcmp(value, "never") == 0)
		trust->not_after = TIME_NEVER;
	else if (!parse_time(value, &trust->not_after))
		return ini_error(ini, "not a date, nor never", value);
	return ERR_OK;
}

static enum err
set_key(struct ini *ini, enum key key, const char *value)
{
	struct fleet_trust *trust = ((struct filling *)ini->arg)->trust;

	switch (key) {
	case KEY_KEY:
		return hex_get(trust->key, sizeof(trust->key), value)
		    ? ERR_OK
		    : ini_error(ini,
			  "not 64 hexadecimal digits in small letters", value);
	case KEY_MAY:
		return set_may(ini, trust, value);
	case KEY_USERS:
		return set_users(ini, trust, value);
	case KEY_SERVICES:
		return config_value_services(
		    ini, trust->services, value, parse_is_service_or_group);
	case KEY_NOT_AFTER:
		return set_not_after(ini, trust, value);
	}
	return ERR_INTERNAL;
}

static enum err
take_setting(struct ini *ini, const char *key, const char *value)
{
	struct filling *filling = ini->arg;
	unsigned number = 0;

	if (!filling->has_section)
		return ini_error(ini, "before the line [issuer]", key);
	while (number < KEY_COUNT && strcmp(KEYS[number], key) != 0)
		number++;
	if (number == KEY_COUNT)
		return ini_error(ini, "unknown key", key);
	if ((filling->seen & 1U << number) != 0)
		return ini_error(ini, "set twice", key);
	filling->seen |= 1U << number;
	return set_key(ini, (enum key)number, value);
}

enum err
fleet_trust_parse(struct fleet_trust *trust, const char *text, size_t len,
    const char *name, struct error *why)
{
	struct filling filling = {.trust = trust};
	struct ini ini = {
	    .name = name,
	    .why = why,
	    .section = take_section,
	    .setting = take_setting,
	    .arg = &filling,
	};
	enum err rc;

	*trust = (struct fleet_trust){0};
	rc = ini_parse(&ini, text, len);
	for (unsigned i = 0; rc == ERR_OK && i < KEY_COUNT; i++)
		if ((filling.seen & 1U << i) == 0)
			rc = error_set(why, ERR_CONFIG, "%s: no line for %s",
			    name, KEYS[i]);
	if (rc != ERR_OK)
		*trust = (struct fleet_trust){0};
	return rc;
}

static enum err
read_file(struct fleet_trust *trust, const char *path, struct error *why)
{
	char *text = malloc(FILE_MAX);
	size_t len = 0;
	int fd = -1;
	enum err rc;

	if (text == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = safe_open(path, O_RDONLY, SAFE_READABLE, &fd, why);
	if (rc == ERR_OK)
		rc = safe_read(fd, path, text, FILE_MAX, &len, why);
	if (rc == ERR_OK && len > FILE_MAX)
		rc = error_set(why, ERR_CONFIG, "%s: larger than %d bytes",
		    path, FILE_MAX);
	if (rc == ERR_OK)
		rc = fleet_trust_parse(trust, text, len, path, why);
	if (fd >= 0)
		(void)close(fd);
	free(text);
	return rc;
}

static enum err
add_file(struct fleet_trusts *trusts, const char *directory, const char *name,
    struct error *why)
{
	char path[PATH_MAX], issuer[PARSE_HOST_MAX + 1];
	struct fleet_trust *grown;
	enum err rc;

	if (!fleet_file_name(name, SUFFIX, issuer))
		return ERR_OK;
	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (!parse_is_host(issuer))
		return error_set(why, ERR_CONFIG,
		    "%s: not an issuer's name in small letters", path);
	if (trusts->count == FLEET_ISSUERS_MAX)
		return error_set(why, ERR_CONFIG, "%s: more than %d issuers",
		    directory, FLEET_ISSUERS_MAX);
	grown = reallocarray(
	    trusts->each, trusts->count + 1, sizeof(*trusts->each));
	if (grown == NULL)
		return error_plain(why, ERR_NOMEM);
	trusts->each = grown;
	rc = read_file(&grown[trusts->count], path, why);
	/* It was removed once it was listed. */
	if (rc == ERR_MISSING)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	strcpy(grown[trusts->count++].issuer, issuer);
	return ERR_OK;
}

static enum err
read_entries(struct fleet_trusts *trusts, DIR *entries, const char *directory,
    struct error *why)
{
	enum err rc = ERR_OK;

	while (rc == ERR_OK) {
		const struct dirent *entry;

		/* The end and an error differ in errno alone. */
		errno = 0;
		entry = readdir(entries);
		if (entry == NULL && errno != 0)
			rc = error_set(why, ERR_SYSTEM, "%s: cannot list: %s",
			    directory, strerror(errno));
		if (entry == NULL)
			break;
		if (entry->d_name[0] != '.')
			rc = add_file(trusts, directory, entry->d_name, why);
	}
	return rc;
}

enum err
fleet_trusts_read(
    struct fleet_trusts *trusts, const char *directory, struct error *why)
{
	DIR *entries;
	enum err rc;

	*trusts = (struct fleet_trusts){0};
	rc = safe_check_directory(directory, why);
	if (rc == ERR_MISSING)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	entries = opendir(directory);
	if (entries == NULL && errno == ENOENT)
		return ERR_OK;
	if (entries == NULL)
		return error_set(why, ERR_SYSTEM, "%s: cannot open: %s",
		    directory, strerror(errno));
	rc = read_entries(trusts, entries, directory, why);
	(void)closedir(entries);
	return rc;
}

void
fleet_trusts_free(struct fleet_trusts *trusts)
{
	free(trusts->each);
	*trusts = (struct fleet_trusts){0};
}

bool
fleet_trust_lasts(const struct fleet_trust *trust, int64_t now)
{
	return now <= trust->not_after;
}

const struct fleet_trust *
fleet_trusts_find(
    const struct fleet_trusts *trusts, const char *issuer, int64_t now)
{
	for (size_t i = 0; i < trusts->count; i++) {
		const struct fleet_trust *one = &trusts->each[i];

		if (strcmp(one->issuer, issuer) == 0)
			return fleet_trust_lasts(one, now) ? one : NULL;
	}
	return NULL;
}
