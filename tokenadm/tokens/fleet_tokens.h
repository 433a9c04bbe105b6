/* The tokens of the fleet: what this machine issues, and what others do. */
#ifndef TOKENADM_FLEET_TOKENS_H
#define TOKENADM_FLEET_TOKENS_H

#include "cli/command.h"
#include "cli/list_columns.h"
#include "store/last_use.h"
#include "tokens/fleet_origins.h"
#include "tokens/token_lookup.h"

/* Gets one token; anything but ERR_OK ends the walk. */
typedef enum err fleet_token_visitor(const struct record *record,
    const struct last_use *usage, const struct origin *origin, void *arg);

/*
 * Visits this machine's own, then all of others who are trusted, with --fleet:
 * all, or those of a user. Errors as token_pages_each, fleet_others_read.
 */
enum err fleet_tokens_each(struct context *context, const char *user,
    fleet_token_visitor *visitor, void *arg);

/* One of them, by its id or as USER/NAME. */
struct fleet_found {
	struct record record;
	char issuer[PARSE_HOST_MAX + 1];
	char places[FLEET_PLACES_LEN];
};

/*
 * This machine's own counts first; of others' namesakes the one that can log
 * in, or else the one that is wanted (NULL: any), as find_token has it. Errors
 * as find_token.
 */
enum err fleet_tokens_find(struct context *context, const char *called,
    find_wanted *wanted, struct fleet_found *found);

#endif
