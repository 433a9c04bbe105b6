#include <jansson.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"
#include "issue/offered_services.h"
#include "issue/owner.h"
#include "issue/required_scopes.h"
#include "lifecycle/policy.h"
#include "store/store.h"

/* What may be issued, and to whom. */
struct offer {
	struct context *context;
	const char *user; /* NULL: whoever no exception names */
	struct policy policy;
	char services[RECORD_SERVICES_MAX + 1];
};

/* Whoever has no right to the store acts for himself. */
static void
find_user(struct offer *offer, const struct args *args)
{
	struct config *config = &offer->context->config;
	const struct passwd *entry;

	offer->user = args_get(args, "user");
	if (geteuid() == 0 || !store_is_denied(config))
		return;
	config->is_for_self = true;
	entry = offer->user == NULL ? getpwuid(getuid()) : NULL;
	if (entry != NULL)
		offer->user = entry->pw_name;
}

static enum err
find_policy(struct offer *offer)
{
	struct context *context = offer->context;
	struct record record = {0};
	enum err rc = ERR_OK;

	if (offer->user == NULL) {
		offer->policy = context->config.policy;
		return ERR_OK;
	}
	/* Only root sees whether an account is disabled. */
	if (!context->config.is_for_self)
		rc = owner_set(context, offer->user, &record);
	else if (strlen(offer->user) <= RECORD_USER_MAX)
		strcpy(record.user, offer->user);
	return rc == ERR_OK ? owner_policy(context, &record, &offer->policy)
			    : rc;
}

static json_t *
span_or_null(int64_t span)
{
	return span == TIME_NEVER ? json_null() : json_integer(span);
}

/* The scopes that a service needs; null: not known. */
static json_t *
needs_or_null(const char *service)
{
	char needs[MODULE_OPTIONS_NEED_SIZE];

	return required_scopes_of(service, needs) ? json_list(needs)
						  : json_null();
}

static json_t *
services_of(const struct offer *offer)
{
	const char *rest = offer->services;
	json_t *array = json_array();
	char word[LIST_WORD_MAX + 1];

	while (array != NULL && list_next(&rest, word))
		(void)json_array_append_new(array,
		    json_pack("{s:s, s:o}", "name", word, "needs",
			needs_or_null(word)));
	return array;
}

static json_t *
presets_of(const struct offer *offer)
{
	const struct preset *one = offer->context->config.presets;
	json_t *array = json_array();

	for (; array != NULL && one != NULL; one = one->next)
		(void)json_array_append_new(array,
		    json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "name",
			one->name, "services", json_list(one->services),
			"scopes", json_list(one->scopes), "from",
			json_list(one->from), "expires",
			json_string_or_null(one->expires), "max_sessions",
			json_string_or_null(one->max_sessions)));
	return array;
}

/* Whether the account's password is asked for. */
static bool
asks_password(const struct offer *offer)
{
	const struct config *config = &offer->context->config;

	return config->is_for_self && !config->self.without_password;
}

static enum err
print_json(const struct offer *offer)
{
	const struct policy *policy = &offer->policy;
	json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:b}",
	    "user", json_string_or_null(offer->user != NULL ? offer->user : ""),
	    "services", services_of(offer), "presets", presets_of(offer),
	    "default_expiry", span_or_null(policy->default_expiry),
	    "max_expiry", span_or_null(policy_longest(policy)), "max_tokens",
	    (json_int_t)policy->max_tokens, "short_tokens",
	    !policy->refuse_short, "password", asks_password(offer));
	enum err rc = ERR_NOMEM;

	if (object != NULL)
		rc = json_print(object, stdout);
	json_decref(object);
	putchar('\n');
	return rc;
}

static enum err
print_table(const struct offer *offer)
{
	static const char *const COLUMNS[] = {"SERVICE", "NEEDS"};
	struct table *table = table_new(COLUMNS, 2, true);
	char word[LIST_WORD_MAX + 1];
	const char *rest = offer->services;
	enum err rc = table != NULL ? ERR_OK : ERR_NOMEM;

	while (rc == ERR_OK && list_next(&rest, word)) {
		char needs[MODULE_OPTIONS_NEED_SIZE] = "";
		const char *const cells[] = {word, needs};

		if (!required_scopes_of(word, needs))
			needs[0] = '\0';
		rc = table_add(table, cells, TABLE_PLAIN);
	}
	if (rc == ERR_OK)
		rc = table_print(table, stdout);
	table_free(table);
	return rc;
}

static enum err
run(struct context *context, const struct args *args)
{
	struct offer offer = {.context = context};
	enum err rc;

	find_user(&offer, args);
	rc = find_policy(&offer);
	if (rc != ERR_OK)
		return rc;
	offered_services(context, &offer.policy, offer.services);
	rc = args_has(args, "json") ? print_json(&offer) : print_table(&offer);
	return rc == ERR_OK ? rc : error_plain(&context->error, rc);
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "to this user"},
    {"json", NULL, "as JSON, with presets and limits"},
    {0},
};

const struct command command_offer = {
    .name = "offer",
    .operands = "",
    .summary = "List the services that tokens may be issued for",
    .options = OPTIONS,
    .run = run,
};
