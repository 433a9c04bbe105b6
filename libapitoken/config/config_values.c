#include "config/config_values.h"

#include <string.h>

#include "base/hex.h"
#include "base/list.h"
#include "base/parse.h"

#define HOUR 3600 /* seconds */

enum err
config_value_path(const struct ini *ini, char *path, const char *value)
{
	if (value[0] != '/')
		return ini_error(ini, "not an absolute path", value);
	if (strlen(value) > CONFIG_PATH_MAX)
		return ini_error(ini, "the path is too long", "");
	strcpy(path, value);
	return ERR_OK;
}

enum err
config_value_paths(const struct ini *ini, char *list, const char *value)
{
	char bad[PATH_LEN + 1];

	if (path_list_parse(value, list, bad))
		return ERR_OK;
	if (strlen(bad) == PATH_LEN)
		return ini_error(ini, "the path is too long", bad);
	return ini_error(ini, "not a plain path from / or ~/", bad);
}

enum err
config_value_programs(const struct ini *ini, char *list, const char *value)
{
	enum err rc = config_value_paths(ini, list, value);

	if (rc == ERR_OK && strchr(list, '~') != NULL)
		return ini_error(ini, "not the paths of programs", value);
	return rc;
}

/*
 * A read-only session is kept from /run, but a read-only mount would not keep
 * it from a socket elsewhere. It is there whatever runstatedir is.
 */
enum err
config_value_socket(const struct ini *ini, char *path, const char *value)
{
	static const char RUN[] = "/run/";

	if (strncmp(value, RUN, sizeof(RUN) - 1) != 0 ||
	    strstr(value, "/../") != NULL)
		return ini_error(ini, "not a path below /run", value);
	if (strlen(value) > CONFIG_SOCKET_MAX)
		return ini_error(ini, "the path is too long", value);
	strcpy(path, value);
	return ERR_OK;
}

enum err
config_value_services(const struct ini *ini, char *list, const char *value,
    bool (*is_valid)(const char *word))
{
	char bad[LIST_WORD_MAX + 1];

	if (!list_parse(value, is_valid, list, RECORD_SERVICES_MAX + 1, bad))
		return ini_error(ini, "not a list of services", bad);
	return ERR_OK;
}

enum err
config_value_scopes(const struct ini *ini, char *list, const char *value)
{
	char bad[LIST_WORD_MAX + 1];

	if (!list_parse(
		value, parse_is_scope, list, RECORD_SCOPES_MAX + 1, bad))
		return ini_error(ini, "not a list of scopes", bad);
	return ERR_OK;
}

/* No group's name has the separators of group(5) in it. */
enum err
config_value_group(const struct ini *ini, char *group, const char *value)
{
	if (value[0] == '@')
		return ini_error(
		    ini, "a group is written without the @", value);
	if (value[0] != '\0' &&
	    (!parse_is_printable(value, CONFIG_GROUP_MAX) ||
		strpbrk(value, ":,") != NULL))
		return ini_error(ini, "not the name of one group", value);
	strcpy(group, value);
	return ERR_OK;
}

/* A user, or `@` and a group of users. */
static bool
is_allowed(const char *word)
{
	const char *name = word[0] == '@' ? word + 1 : word;

	return parse_is_printable(name, RECORD_USER_MAX) && name[0] != '\0' &&
	    strpbrk(name, " /:@") == NULL;
}

/* `yes` and `no` stand alone: neither is anybody's name here. */
enum err
config_value_allow(const struct ini *ini, char *list, const char *value)
{
	char bad[LIST_WORD_MAX + 1], fresh[CONFIG_ALLOW_MAX + 1];

	if (!list_parse(value, is_allowed, fresh, sizeof(fresh), bad))
		return ini_error(
		    ini, "allow is no, yes, or users and @groups", bad);
	if ((list_has(fresh, "yes") || list_has(fresh, "no")) &&
	    strchr(fresh, ',') != NULL)
		return ini_error(
		    ini, "allow is no, yes, or users and @groups", value);
	strcpy(list, fresh);
	return ERR_OK;
}

static bool
is_before(const char *word)
{
	int64_t seconds;

	return parse_duration(word, &seconds) && seconds >= HOUR;
}

/* Each of them costs a notice. */
enum err
config_value_before(const struct ini *ini, char *list, const char *value)
{
	struct notify_policy fresh;
	char word[LIST_WORD_MAX + 1];
	const char *rest = fresh.before;
	size_t count = 0;

	if (!list_parse(
		value, is_before, fresh.before, sizeof(fresh.before), word))
		return ini_error(
		    ini, "not durations of at least 1h, as 14d, 3d", word);
	while (list_next(&rest, word))
		count++;
	if (count > NOTIFY_BEFORE_MAX)
		return ini_error(ini, "more than five times", value);
	strcpy(list, fresh.before);
	return ERR_OK;
}

enum err
config_value_fleet(const struct ini *ini, char *id, const char *value)
{
	uint8_t bytes[CONFIG_FLEET_ID_LEN / 2];

	if (value[0] != '\0' && !hex_get(bytes, sizeof(bytes), value))
		return ini_error(
		    ini, "not 32 hexadecimal digits in small letters", value);
	strcpy(id, value);
	return ERR_OK;
}

enum err
config_value_engine(const struct ini *ini, char *engine, const char *value)
{
	size_t len = strspn(value, "abcdefghijklmnopqrstuvwxyz");

	if (len == 0 || value[len] != '\0' || len > CONFIG_HOST_MAX)
		return ini_error(
		    ini, "not the name of an engine, such as file", value);
	strcpy(engine, value);
	return ERR_OK;
}

enum err
config_value_host(const struct ini *ini, char *host, const char *value)
{
	if (value[0] != '\0' && !parse_is_host(value))
		return ini_error(
		    ini, "not a host's name in small letters", value);
	strcpy(host, value);
	return ERR_OK;
}

enum err
config_value_hosts(const struct ini *ini, char *list, const char *value)
{
	char bad[LIST_WORD_MAX + 1];

	if (value[0] == '\0') {
		list[0] = '\0';
		return ERR_OK;
	}
	if (!list_parse(
		value, parse_is_host, list, CONFIG_HOST_GROUPS_MAX + 1, bad))
		return ini_error(
		    ini, "not names of groups in small letters", bad);
	return ERR_OK;
}

#define HTTPS "https://"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* What follows https://HOST:PORT; NULL: it does not begin so. */
static const char *
skip_host(const char *word)
{
	const char *host = word + strlen(HTTPS);
	size_t len;

	if (strncmp(word, HTTPS, strlen(HTTPS)) != 0)
		return NULL;
	len = strspn(host, LETTERS ".-_:[]");
	return len > 0 ? host + len : NULL;
}

/* Without a user, a path or a query: what is asked there is ours to say. */
static bool
is_endpoint(const char *word)
{
	const char *rest = skip_host(word);

	return rest != NULL && rest[0] == '\0';
}

enum err
config_value_endpoints(const struct ini *ini, char *list, const char *value)
{
	char bad[LIST_WORD_MAX + 1];

	if (value[0] == '\0') {
		list[0] = '\0';
		return ERR_OK;
	}
	if (!list_parse(
		value, is_endpoint, list, CONFIG_ENDPOINTS_MAX + 1, bad))
		return ini_error(
		    ini, "endpoints are of the form https://HOST:PORT", bad);
	return ERR_OK;
}

/* Whether a URL, of whatever scheme, has USER:PASSWORD@ before its host. */
static bool
has_user(const char *value)
{
	const char *host = strstr(value, "://");

	return host != NULL && host[3 + strcspn(host + 3, "@/")] == '@';
}

/* Nothing in it is secret: this file may be read by all. */
enum err
config_value_source(const struct ini *ini, char *source, const char *value)
{
	const char *path = skip_host(value);

	if (value[0] == '/')
		return config_value_path(ini, source, value);
	if (has_user(value))
		return ini_error(ini,
		    "source: a URL without user and password, which are in "
		    "[https]",
		    "");
	if (path == NULL || path[0] != '/' ||
	    path[strspn(path, LETTERS "._~%+-/")] != '\0')
		return ini_error(ini,
		    "source is an absolute path, or https://HOST/PATH", value);
	if (strlen(value) > CONFIG_PATH_MAX)
		return ini_error(ini, "the URL is too long", "");
	strcpy(source, value);
	return ERR_OK;
}

enum err
config_value_prefix(const struct ini *ini, char *prefix, const char *value)
{
	size_t len = strspn(value,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-/");

	if (value[0] != '/' || value[len] != '\0' || len < 2 ||
	    len > CONFIG_PREFIX_MAX || value[len - 1] == '/')
		return ini_error(
		    ini, "not a prefix of keys, such as /apitoken", value);
	strcpy(prefix, value);
	return ERR_OK;
}
