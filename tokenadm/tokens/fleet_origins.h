/* Of the fleet's tokens: who issues them, and for what hosts they are. */
#ifndef TOKENADM_FLEET_ORIGINS_H
#define TOKENADM_FLEET_ORIGINS_H

#include "cli/command.h"
#include "cli/list_columns.h"
#include "fleet/fleet_change.h"
#include "token/token.h"

/* For what hosts a token is, as --hosts names them; "" for all. */
#define FLEET_PLACES_LEN (2 * FLEET_HOSTS_LEN)
void fleet_places_text(
    const char *hosts, const char *groups, char text[FLEET_PLACES_LEN]);

struct fleet_origins;

/*
 * Reads them as they are now, with --fleet; free them, even after an error.
 * ERR_NOMEM; or as store_open_read, fleet_issued_list, fleet_others_read.
 */
enum err fleet_origins_read(
    struct fleet_origins **origins, struct context *context);
void fleet_origins_free(struct fleet_origins *origins);

struct fleet_origin {
	struct origin origin; /* points into places, and into origins */
	char places[FLEET_PLACES_LEN];
};

/*
 * Of one token; this machine's own counts first. For one that is not among
 * them, or if origins is NULL: as this machine's, for all hosts.
 */
void fleet_origins_get(const struct fleet_origins *origins,
    const char id[TOKEN_ID_LEN + 1], struct fleet_origin *found);

#endif
