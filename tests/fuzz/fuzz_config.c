/*
 * apitoken.conf. What is accepted is within its limits, and is the same after
 * it is written out and read again; an error names a line that exists.
 */
#include "fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "config/config.h"

#define NAME "apitoken.conf"

static char error_text[ERROR_TEXT_MAX];

/* As config_parse, from memory of exactly that size. */
static enum err
parse(struct config *config, const void *data, size_t size)
{
	uint8_t *text = fuzz_copy(data, size);
	struct error why = {""};
	enum err rc = config_parse(
	    config, (const char *)text, size, NAME, &why);

	strcpy(error_text, why.text);
	free(text);
	return rc;
}

static void
check_expiry(int64_t expiry)
{
	FUZZ_REQUIRE(expiry >= 1);
}

static void
check_services(const struct config *config, const char *list)
{
	char word[LIST_WORD_MAX + 1];

	FUZZ_REQUIRE(strlen(list) <= RECORD_SERVICES_MAX && list[0] != '\0');
	while (list_next(&list, word)) {
		FUZZ_REQUIRE(parse_is_service_or_group(word));
		FUZZ_REQUIRE(word[0] != '@' ||
		    services_of_group(config->groups, word) != NULL);
	}
}

static void
check_paths(const char *list)
{
	char again[PATH_LIST_MAX + 1], path[PATH_LEN + 1];

	FUZZ_REQUIRE(path_list_parse(list, again, path));
	FUZZ_REQUIRE(strcmp(list, again) == 0);
	while (list_next(&list, path))
		FUZZ_REQUIRE(path[0] == '/' || strncmp(path, "~/", 2) == 0);
}

static void
check_policy(const struct config *config, const struct policy *policy)
{
	FUZZ_REQUIRE(policy->max_tokens <= 10000);
	FUZZ_REQUIRE(policy->keep_dead <= 10000);
	check_expiry(policy->default_expiry);
	check_expiry(policy->max_expiry);
	FUZZ_REQUIRE(policy->max_unused >= 24 * 60 * 60);
	check_services(config, policy->services);
	FUZZ_REQUIRE(policy->require_group[0] == '\0' ||
	    parse_is_printable(policy->require_group, CONFIG_GROUP_MAX));
	FUZZ_REQUIRE(policy->require_group[0] != '@');
	FUZZ_REQUIRE(strpbrk(policy->require_group, ":,") == NULL);
}

static bool
is_network(const char *text)
{
	struct network network;

	return network_parse(text, &network);
}

static void
check_list(const char *list, size_t size, bool (*is_valid)(const char *))
{
	char again[RECORD_SERVICES_MAX + 1], bad[LIST_WORD_MAX + 1];

	if (list[0] == '\0')
		return;
	FUZZ_REQUIRE(list_parse(list, is_valid, again, size, bad));
	FUZZ_REQUIRE(strcmp(list, again) == 0);
}

static void
check_presets(const struct config *config)
{
	const struct preset *one = config->presets;

	for (; one != NULL; one = one->next) {
		int64_t span = TIME_NEVER;
		uint64_t sessions = 1;

		FUZZ_REQUIRE(parse_is_service(one->name));
		FUZZ_REQUIRE(presets_find(config->presets, one->name) == one);
		if (one->services[0] != '\0')
			check_services(config, one->services);
		check_list(one->scopes, sizeof(one->scopes), parse_is_scope);
		check_list(one->from, sizeof(one->from), is_network);
		FUZZ_REQUIRE(one->expires[0] == '\0' ||
		    strcmp(one->expires, "never") == 0 ||
		    parse_duration(one->expires, &span));
		FUZZ_REQUIRE(one->max_sessions[0] == '\0' ||
		    parse_number(
			one->max_sessions, RECORD_MAX_SESSIONS, &sessions));
		FUZZ_REQUIRE(span >= 1 && sessions >= 1);
		FUZZ_REQUIRE(one->services[0] != '\0' ||
		    one->scopes[0] != '\0' || one->from[0] != '\0' ||
		    one->expires[0] != '\0' || one->max_sessions[0] != '\0');
	}
}

static void
check_door(const struct door_policy *door)
{
	const struct door_caller *caller = door->callers;
	char word[LIST_WORD_MAX + 1];

	FUZZ_REQUIRE(strncmp(door->socket, "/run/", 5) == 0);
	FUZZ_REQUIRE(strlen(door->socket) <= CONFIG_SOCKET_MAX);
	for (; caller != NULL; caller = caller->next) {
		const char *list = caller->services;

		FUZZ_REQUIRE(caller->user[0] != '\0' && list[0] != '\0');
		FUZZ_REQUIRE(parse_is_printable(caller->user, RECORD_USER_MAX));
		FUZZ_REQUIRE(!list_has(list, "any"));
		while (list_next(&list, word))
			FUZZ_REQUIRE(parse_is_service(word));
	}
}

static void
check_same_door(const struct door_policy *a, const struct door_policy *b)
{
	const struct door_caller *one = a->callers, *other = b->callers;

	FUZZ_REQUIRE(strcmp(a->socket, b->socket) == 0);
	for (; one != NULL && other != NULL; one = one->next) {
		FUZZ_REQUIRE(strcmp(one->user, other->user) == 0);
		FUZZ_REQUIRE(strcmp(one->services, other->services) == 0);
		other = other->next;
	}
	FUZZ_REQUIRE(one == NULL && other == NULL);
}

static void
check_limits(const struct config *config)
{
	const struct policy_exception *one = config->exceptions;

	FUZZ_REQUIRE(config->directory[0] == '/' && config->key[0] == '/');
	FUZZ_REQUIRE(strlen(config->directory) <= CONFIG_PATH_MAX);
	FUZZ_REQUIRE(strlen(config->key) <= CONFIG_PATH_MAX);
	FUZZ_REQUIRE(config->lock_timeout >= 1 && config->lock_timeout <= 60);
	FUZZ_REQUIRE(config->notify.before[0] != '\0');
	FUZZ_REQUIRE(strchr("/", config->notify.command[0]) != NULL);
	check_policy(config, &config->policy);
	check_presets(config);
	check_services(config, config->confine.services);
	check_paths(config->confine.writable);
	check_paths(config->confine.visible);
	check_paths(config->confine.hidden);
	check_paths(config->confine.programs);
	FUZZ_REQUIRE(strchr(config->confine.programs, '~') == NULL);
	check_door(&config->door);
	for (; one != NULL; one = one->next) {
		struct policy policy = config->policy;

		FUZZ_REQUIRE(parse_is_printable(one->who, RECORD_USER_MAX));
		config_apply(one, &policy);
		check_policy(config, &policy);
	}
}

static void
print_expiry(FILE *file, const char *key, int64_t seconds)
{
	if (seconds == TIME_NEVER)
		(void)fprintf(file, "%s = never\n", key);
	else
		(void)fprintf(file, "%s = %" PRId64 "s\n", key, seconds);
}

static void
print_policy(FILE *file, const struct policy *policy)
{
	(void)fprintf(file,
	    "max_tokens = %" PRIu64 "\nkeep_dead = %" PRIu64 "\n",
	    policy->max_tokens, policy->keep_dead);
	print_expiry(file, "default_expiry", policy->default_expiry);
	print_expiry(file, "max_expiry", policy->max_expiry);
	print_expiry(file, "max_unused", policy->max_unused);
	(void)fprintf(file, "short_tokens=%s\n",
	    policy->refuse_short ? "refused" : "allowed");
	(void)fprintf(file, "services=%s\nrequire_group = %s\n",
	    policy->services, policy->require_group);
}

/* The groups that a list names; one that was printed before is skipped. */
static void
print_groups(FILE *file, const struct config *config, const char *list,
    struct service_group **printed)
{
	char word[LIST_WORD_MAX + 1];

	while (list_next(&list, word)) {
		const char *group;

		if (word[0] != '@' ||
		    services_add(printed, word + 1, "") == ERR_EXISTS)
			continue;
		group = services_of_group(config->groups, word);
		(void)fprintf(file, "%s=%s\n", word + 1, group);
	}
}

static void
print_all_groups(FILE *file, const struct config *config)
{
	const struct policy_exception *one = config->exceptions;
	const struct preset *preset = config->presets;
	struct service_group *printed = NULL;

	(void)fprintf(file, "[services]\n");
	print_groups(file, config, config->policy.services, &printed);
	print_groups(file, config, config->confine.services, &printed);
	for (; one != NULL; one = one->next)
		print_groups(file, config, one->policy.services, &printed);
	for (; preset != NULL; preset = preset->next)
		print_groups(file, config, preset->services, &printed);
	services_free(&printed);
}

/* Without blanks if the line is as long as it can be. */
static void
print_confine(FILE *file, const struct confine_policy *confine)
{
	(void)fprintf(file, "[confine]\nservices=%s\nwritable=%s\n",
	    confine->services, confine->writable);
	(void)fprintf(file, "visible=%s\nhidden=%s\nprograms=%s\n",
	    confine->visible, confine->hidden, confine->programs);
}

static void
print_notify(FILE *file, const struct notify_policy *notify)
{
	(void)fprintf(file, "[notify]\nbefore=%s\ncommand=%s\nmail = %s\n",
	    notify->before, notify->command, notify->mails ? "yes" : "no");
}

static void
print_door(FILE *file, const struct door_policy *door)
{
	const struct door_caller *caller = door->callers;

	(void)fprintf(file, "[door]\nsocket=%s\ncallers=", door->socket);
	for (; caller != NULL; caller = caller->next)
		(void)fprintf(file, "%s:%s%s", caller->user, caller->services,
		    caller->next != NULL ? ";" : "");
	(void)fprintf(file, "\n");
}

static void
print_key(FILE *file, const char *key, const char *value)
{
	if (value[0] != '\0')
		(void)fprintf(file, "%s=%s\n", key, value);
}

static void
print_presets(FILE *file, const struct config *config)
{
	const struct preset *one = config->presets;

	for (; one != NULL; one = one->next) {
		(void)fprintf(file, "[preset %s]\n", one->name);
		print_key(file, "max_sessions", one->max_sessions);
		print_key(file, "from", one->from);
		print_key(file, "expires", one->expires);
		print_key(file, "scopes", one->scopes);
		print_key(file, "services", one->services);
	}
}

static void
check_same_presets(const struct config *a, const struct config *b)
{
	const struct preset *one = a->presets, *other = b->presets;

	for (; one != NULL && other != NULL; one = one->next) {
		FUZZ_REQUIRE(strcmp(one->name, other->name) == 0);
		FUZZ_REQUIRE(strcmp(one->services, other->services) == 0);
		FUZZ_REQUIRE(strcmp(one->scopes, other->scopes) == 0);
		FUZZ_REQUIRE(strcmp(one->from, other->from) == 0);
		FUZZ_REQUIRE(strcmp(one->expires, other->expires) == 0);
		FUZZ_REQUIRE(
		    strcmp(one->max_sessions, other->max_sessions) == 0);
		other = other->next;
	}
	FUZZ_REQUIRE(one == NULL && other == NULL);
}

/* An exception gets all keys of the policy that it results in. */
static void
print(FILE *file, const struct config *config)
{
	const struct account_policy *account = &config->account;
	const struct policy_exception *one = config->exceptions;

	(void)fprintf(file, "[store]\ndirectory = %s\nkey=%s\n",
	    config->directory, config->key);
	(void)fprintf(
	    file, "lock_timeout = %" PRId64 "s\n", config->lock_timeout);
	(void)fprintf(file, "[account]\nlocked_password = %s\n",
	    account->ignore_locked ? "ignore" : "disabled");
	(void)fprintf(file, "no_password = %s\nroot = %s\nshell = %s\n",
	    account->require_password ? "disabled" : "enabled",
	    account->allow_root ? "enabled" : "disabled",
	    account->require_shell ? "disabled" : "ignore");
	(void)fprintf(file, "[sessions]\nterminate_on_deactivate = %s\n",
	    config->ends_sessions ? "yes" : "no");
	print_notify(file, &config->notify);
	print_all_groups(file, config);
	print_confine(file, &config->confine);
	print_presets(file, config);
	print_door(file, &config->door);
	(void)fprintf(file, "# the policy, and who has another\n[policy]\n");
	print_policy(file, &config->policy);
	for (; one != NULL; one = one->next) {
		struct policy policy = config->policy;

		config_apply(one, &policy);
		(void)fprintf(file, "\n[policy %s]\n", one->who);
		print_policy(file, &policy);
	}
}

static void
check_same_policy(const struct policy *a, const struct policy *b)
{
	FUZZ_REQUIRE(a->max_tokens == b->max_tokens);
	FUZZ_REQUIRE(a->keep_dead == b->keep_dead);
	FUZZ_REQUIRE(a->default_expiry == b->default_expiry);
	FUZZ_REQUIRE(a->max_expiry == b->max_expiry);
	FUZZ_REQUIRE(a->max_unused == b->max_unused);
	FUZZ_REQUIRE(strcmp(a->services, b->services) == 0);
	FUZZ_REQUIRE(strcmp(a->require_group, b->require_group) == 0);
	FUZZ_REQUIRE(a->refuse_short == b->refuse_short);
}

static void
check_same(const struct config *a, const struct config *b)
{
	const struct policy_exception *one = a->exceptions;
	const struct policy_exception *other = b->exceptions;

	FUZZ_REQUIRE(strcmp(a->directory, b->directory) == 0);
	FUZZ_REQUIRE(strcmp(a->key, b->key) == 0);
	FUZZ_REQUIRE(a->lock_timeout == b->lock_timeout);
	check_same_policy(&a->policy, &b->policy);
	check_same_presets(a, b);
	FUZZ_REQUIRE(a->ends_sessions == b->ends_sessions);
	FUZZ_REQUIRE(strcmp(a->notify.before, b->notify.before) == 0);
	FUZZ_REQUIRE(strcmp(a->notify.command, b->notify.command) == 0);
	FUZZ_REQUIRE(a->notify.mails == b->notify.mails);
	FUZZ_REQUIRE(memcmp(&a->account, &b->account, sizeof(a->account)) == 0);
	FUZZ_REQUIRE(strcmp(a->confine.services, b->confine.services) == 0);
	FUZZ_REQUIRE(strcmp(a->confine.writable, b->confine.writable) == 0);
	FUZZ_REQUIRE(strcmp(a->confine.visible, b->confine.visible) == 0);
	FUZZ_REQUIRE(strcmp(a->confine.hidden, b->confine.hidden) == 0);
	FUZZ_REQUIRE(strcmp(a->confine.programs, b->confine.programs) == 0);
	check_same_door(&a->door, &b->door);
	for (; one != NULL && other != NULL; one = one->next) {
		struct policy policy = a->policy;

		FUZZ_REQUIRE(strcmp(one->who, other->who) == 0);
		config_apply(one, &policy);
		check_same_policy(&policy, &other->policy);
		other = other->next;
	}
	FUZZ_REQUIRE(one == NULL && other == NULL);
}

static void
check_written_again(const struct config *config)
{
	struct config again;
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	FUZZ_REQUIRE(file != NULL);
	print(file, config);
	(void)fclose(file);
	FUZZ_REQUIRE(parse(&again, text, len) == ERR_OK);
	check_same(config, &again);
	config_free(&again);
	free(text);
}

/* An error names the file, and a line that it has. */
static void
check_error(const uint8_t *data, size_t size)
{
	unsigned long lines = 1, line;
	char *rest;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	FUZZ_REQUIRE(strncmp(error_text, NAME ":", strlen(NAME ":")) == 0);
	line = strtoul(error_text + strlen(NAME ":"), &rest, 10);
	FUZZ_REQUIRE(rest[0] == ':' && line >= 1 && line <= lines);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config config;
	enum err rc = parse(&config, data, size);

	FUZZ_REQUIRE(rc == ERR_OK || rc == ERR_CONFIG);
	if (rc == ERR_OK) {
		check_limits(&config);
		check_written_again(&config);
	} else {
		check_error(data, size);
	}
	config_free(&config);
	return 0;
}
