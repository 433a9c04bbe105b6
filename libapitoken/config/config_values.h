/*
 * The values of apitoken.conf that are texts: each is checked, and copied as it
 * is to be kept, to a buffer of the size that config.h has for it. ERR_CONFIG,
 * by ini_error; the buffer is as it was then, but for lists.
 */
#ifndef APITOKEN_CONFIG_VALUES_H
#define APITOKEN_CONFIG_VALUES_H

#include <stdbool.h>

#include "config/config.h"
#include "config/ini.h"

/* An absolute path: CONFIG_PATH_MAX. */
enum err config_value_path(
    const struct ini *ini, char *path, const char *value);

/* A list of paths, see path_list.h; of programs, none is below a home. */
enum err config_value_paths(
    const struct ini *ini, char *list, const char *value);
enum err config_value_programs(
    const struct ini *ini, char *list, const char *value);

/* The path of a socket below /run: CONFIG_SOCKET_MAX. */
enum err config_value_socket(
    const struct ini *ini, char *path, const char *value);

/* A list of services: RECORD_SERVICES_MAX; of scopes: RECORD_SCOPES_MAX. */
enum err config_value_services(const struct ini *ini, char *list,
    const char *value, bool (*is_valid)(const char *word));
enum err config_value_scopes(
    const struct ini *ini, char *list, const char *value);

/* The name of a fleet's engine: a word of small letters. */
enum err config_value_engine(
    const struct ini *ini, char *engine, const char *value);

/* A fleet's id, or none: CONFIG_FLEET_ID_LEN. */
enum err config_value_fleet(const struct ini *ini, char *id, const char *value);

/*
 * The name of a host, or none: CONFIG_HOST_MAX; a list of such names:
 * CONFIG_HOST_GROUPS_MAX.
 */
enum err config_value_host(
    const struct ini *ini, char *host, const char *value);
enum err config_value_hosts(
    const struct ini *ini, char *list, const char *value);

/* https://HOST:PORT, a list: CONFIG_ENDPOINTS_MAX. */
enum err config_value_endpoints(
    const struct ini *ini, char *list, const char *value);

/* An absolute path, or https://HOST[:PORT]/PATH: CONFIG_PATH_MAX. */
enum err config_value_source(
    const struct ini *ini, char *source, const char *value);

/* What the names of an engine's keys begin with: CONFIG_PREFIX_MAX. */
enum err config_value_prefix(
    const struct ini *ini, char *prefix, const char *value);

/* A group of users, or none: CONFIG_GROUP_MAX. */
enum err config_value_group(
    const struct ini *ini, char *group, const char *value);

/* no, yes, or users and @groups: CONFIG_ALLOW_MAX. */
enum err config_value_allow(
    const struct ini *ini, char *list, const char *value);

/* Durations before which there is a notice, see struct notify_policy. */
enum err config_value_before(
    const struct ini *ini, char *list, const char *value);

#endif
