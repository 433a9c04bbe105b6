#include "tokens/tokens_json.h"

#include <stdio.h>

#include "cli/json.h"
#include "store/last_use.h"
#include "store/store.h"

enum err
tokens_json_print(struct context *context, const struct record *records,
    size_t count, const size_t *sessions_ended)
{
	struct last_use_notes *notes = last_use_open(
	    &context->config, store_deadline(&context->config));
	struct json_stream stream;
	enum err rc = ERR_OK;

	json_begin(&stream, stdout, "tokens");
	for (size_t i = 0; rc == ERR_OK && i < count; i++) {
		struct last_use usage;

		(void)last_use_get(notes, records[i].id, &usage);
		rc = json_token(&stream, &records[i], &usage, context->now);
	}
	last_use_close(notes);
	json_end_array(&stream);
	if (sessions_ended != NULL)
		printf(", \"sessions_ended\": %zu", *sessions_ended);
	puts("}");
	return rc == ERR_OK ? rc : error_plain(&context->error, rc);
}
