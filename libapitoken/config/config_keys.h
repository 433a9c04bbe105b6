/*
 * The keys of apitoken.conf: the one table of them, their defaults, and how
 * each kind of value is read. A key is identified by its number in the table.
 * Bad values are reported by ini_error.
 */
#ifndef APITOKEN_CONFIG_KEYS_H
#define APITOKEN_CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "config/ini.h"

#define CONFIG_KEYS_MAX                                                        \
	64 /* most keys: policy_exception.given has a bit each */

/* Sets every key to its default. */
void config_keys_default(struct config *config);

bool config_keys_has_section(const char *section);

/* The number of a key; CONFIG_KEYS_MAX if there is none. */
size_t config_keys_find(const char *section, const char *key);

/* Sets a key from its text. ERR_CONFIG. */
enum err config_keys_set(const struct ini *ini, size_t number,
    struct config *config, const char *value);

/* The same for a key of [policy], in a separate policy. ERR_CONFIG. */
enum err config_keys_set_policy(const struct ini *ini, size_t number,
    struct policy *policy, const char *value);

/* Copies the value of a key of [policy]. */
void config_keys_copy_policy(
    size_t number, const struct policy *from, struct policy *to);

#endif
