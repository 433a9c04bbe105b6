#include <jansson.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/json.h"
#include "store/create.h"
#include "store/store.h"

static enum err
print_json(struct context *context, bool created)
{
	json_t *object = json_pack("{s:b, s:o, s:o}", "changed", created,
	    "directory", json_text(context->config.directory), "key",
	    json_text(context->config.key));
	enum err rc = object != NULL ? json_print(object, stdout) : ERR_NOMEM;

	if (object != NULL)
		putchar('\n');
	json_decref(object);
	return rc == ERR_OK ? rc : error_plain(&context->error, rc);
}

static enum err
run(struct context *context, const struct args *args)
{
	const struct config *config = &context->config;
	bool created;
	enum err rc = create_store(
	    config, store_deadline(config), &created, &context->error);

	if (rc != ERR_OK)
		return rc;
	if (args_has(args, "json"))
		return print_json(context, created);
	if (created)
		printf("Made an empty token database in %s, sealed with the "
		       "key %s.\nKeep a copy of the key apart from the copies "
		       "of the database: without it no token can be checked.\n",
		    config->directory, config->key);
	else
		printf("The token database in %s and its key %s are there "
		       "already.\n",
		    config->directory, config->key);
	return ERR_OK;
}

static const struct option_spec OPTIONS[] = {
    {"json", NULL, "as JSON"},
    {0},
};

const struct command command_init = {
    .name = "init",
    .operands = "",
    .summary = "Make the token database and its key",
    .options = OPTIONS,
    .run = run,
};
