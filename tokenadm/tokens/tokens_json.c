#include "tokens/tokens_json.h"

#include <stdio.h>

#include "cli/json.h"
#include "cli/signal_block.h"
#include "outbox/fleet_side.h"
#include "store/last_use.h"
#include "store/store.h"

static enum err
print_each(const struct tokens_json *tokens,
    const struct fleet_origins *origins, struct json_stream *stream)
{
	const struct context *context = tokens->context;
	const struct config *config = context->fleet != NULL
	    ? &context->fleet->local
	    : &context->config;
	struct last_use_notes *notes = last_use_open(
	    config, store_deadline(config));
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < tokens->count; i++) {
		const struct record *record = &tokens->records[i];
		struct fleet_origin found;
		struct last_use usage;

		fleet_origins_get(origins, record->id, &found);
		(void)last_use_get(notes, record->id, &usage);
		rc = json_token(
		    stream, record, &usage, &found.origin, context->now);
	}
	last_use_close(notes);
	return rc;
}

static enum err
print(const struct tokens_json *tokens)
{
	struct context *context = tokens->context;
	struct fleet_origins *origins = tokens->origins;
	struct json_stream stream;
	enum err shown = ERR_OK;

	if (context->fleet != NULL && origins == NULL)
		shown = fleet_origins_read(&origins, context);
	json_begin(&stream, stdout, "tokens");
	if (shown == ERR_OK) {
		shown = print_each(tokens, origins, &stream);
		if (shown != ERR_OK)
			(void)error_plain(&context->error, shown);
	}
	json_end_array(&stream);
	if (tokens->sessions_ended != NULL)
		printf(", \"sessions_ended\": %zu", *tokens->sessions_ended);
	puts("}");
	if (origins != tokens->origins)
		fleet_origins_free(origins);
	(void)fflush(stdout);
	return shown;
}

enum err
tokens_json_print(const struct tokens_json *tokens, enum err rc)
{
	struct context *context = tokens->context;
	struct error before = context->error;
	enum err shown;

	signal_window_open(NULL);
	shown = print(tokens);
	(void)signal_window_close();
	if (rc == ERR_OK)
		return shown;
	context->error = before;
	return rc;
}
