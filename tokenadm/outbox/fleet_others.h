/* What other machines have issued to the fleet, as it is applied here. */
#ifndef TOKENADM_FLEET_OTHERS_H
#define TOKENADM_FLEET_OTHERS_H

#include "cli/command.h"
#include "config/config.h"
#include "fleet/fleet_record.h"

struct fleet_other {
	char issuer[PARSE_HOST_MAX + 1];
	/* Its record; the state is that which counts here */
	struct record token;
	char hosts[FLEET_HOSTS_LEN], groups[FLEET_HOSTS_LEN];
	bool
	    is_revoked_here; /* by a record of this machine's own, which says */
	bool ends_sessions;  /* whether its sessions end */
	int64_t until;       /* of all tokens with this id, the last expiry */
};

struct fleet_others {
	struct fleet_other *each; /* by user, name and id */
	size_t count;
};

/*
 * Reads the tokens of all issuers who are trusted now, but for the one that
 * this machine is (own; NULL: none), and of this user (NULL: of all). Free
 * them, even after an error. config is the machine's. Errors as
 * fleet_store_open, fleet_trusts_read.
 */
enum err fleet_others_read(struct fleet_others *others,
    const struct config *config, const char *own, const char *user, int64_t now,
    struct error *why);

/* The same of one id, without reading all. */
enum err fleet_others_read_id(struct fleet_others *others,
    const struct config *config, const char *own,
    const char id[TOKEN_ID_LEN + 1], int64_t now, struct error *why);
void fleet_others_free(struct fleet_others *others);

/* Whether it is called so: its id, or USER/NAME. */
bool fleet_other_is_called(const struct fleet_other *other, const char *called);

#endif
