/* The tokens that a command was about, as JSON. */
#ifndef TOKENADM_TOKENS_JSON_H
#define TOKENADM_TOKENS_JSON_H

#include <stddef.h>

#include "cli/command.h"
#include "token/record.h"
#include "tokens/fleet_origins.h"

struct tokens_json {
	const struct record *records;
	size_t count;
	struct context *context;
	/* With --fleet: as they were; NULL: as they are now */
	struct fleet_origins *origins;
	const size_t *sessions_ended; /* to be told, too; or NULL */
};

/*
 * Prints `{"tokens": [...]}` with the records, and their last use as it is now.
 * The store has to be closed. rc: how the command went so far; it and its error
 * are what is returned. If it went well, ERR_NOMEM, or as fleet_origins_read.
 */
enum err tokens_json_print(const struct tokens_json *tokens, enum err rc);

#endif
