#include "fleet/fleet_own.h"

#include <string.h>

#include "fleet/fleet_issued.h"

#define TRIES 4 /* while others issue, too */

static enum err
read_issued(struct fleet_engine_list *list, const struct config *config,
    int64_t deadline, struct error *why)
{
	struct config issued;
	struct store *store = NULL;
	enum err rc;

	*list = (struct fleet_engine_list){0};
	fleet_issued_config(&issued, config);
	rc = store_open(&store, &issued, STORE_SCAN, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_issued_list(store, list, why);
	store_close(store);
	return rc;
}

/* A list that is older by now was read before somebody else's change. */
static enum err
apply(struct fleet_applied *applied, const struct config *config,
    const struct fleet_trust *trust, int64_t now, int64_t deadline,
    struct error *why)
{
	struct fleet_head before = {0};
	struct fleet_engine_list list;
	enum err rc = ERR_REFUSED;

	for (unsigned i = 0; i < TRIES; i++) {
		enum err read = read_issued(&list, config, deadline, why);

		if (read == ERR_OK && rc == ERR_REFUSED && i > 0 &&
		    fleet_head_equals(&list.list.head, &before)) {
			fleet_engine_list_free(&list);
			return rc;
		}
		before = list.list.head;
		rc = read == ERR_OK ? fleet_apply(applied, config, &list.list,
					  trust, now, deadline, why)
				    : read;
		fleet_engine_list_free(&list);
		if (rc != ERR_REFUSED && rc != ERR_BUSY)
			break;
	}
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

enum err
fleet_own_apply(struct fleet_applied *applied, const struct config *config,
    const struct fleet_key *key, int64_t now, int64_t deadline,
    struct error *why)
{
	const struct fleet_trust *trust = NULL;
	struct fleet_trusts trusts;
	enum err rc = fleet_trusts_read(&trusts, config->fleet.issuers, why);

	*applied = (struct fleet_applied){0};
	for (size_t i = 0; rc == ERR_OK && i < trusts.count; i++) {
		if (strcmp(trusts.each[i].issuer, key->issuer) == 0)
			trust = &trusts.each[i];
	}
	if (trust != NULL)
		rc = apply(applied, config, trust, now, deadline, why);
	fleet_trusts_free(&trusts);
	return rc;
}
