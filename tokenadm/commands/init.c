#include <stdio.h>

#include "cli/command.h"
#include "store/create.h"
#include "store/store.h"

static enum err
run(struct context *context, const struct args *args)
{
	const struct config *config = &context->config;
	bool created;
	enum err rc = create_store(
	    config, store_deadline(config), &created, &context->error);

	(void)args;
	if (rc != ERR_OK)
		return rc;
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

static const struct option_spec OPTIONS[] = {{0}};

const struct command command_init = {
    .name = "init",
    .operands = "",
    .summary = "Make the token database and its key",
    .options = OPTIONS,
    .run = run,
};
