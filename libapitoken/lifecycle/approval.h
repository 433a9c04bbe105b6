/*
 * Approves tokens again, all or none. Names and quota are checked as they will
 * be when all of them are active: of a rotation's two, the successor has name
 * and place.
 */
#ifndef APITOKEN_APPROVAL_H
#define APITOKEN_APPROVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "lifecycle/life_table.h"
#include "lifecycle/policy.h"
#include "store/store.h"
#include "token/record.h"

struct approval {
	struct record record; /* only its id is set; the rest is read */
	struct policy policy; /* its owner's */
	/*
	 * For one until log-out: from until_logout_find_live; 0: starts anew.
	 */
	int64_t begun;
	bool changed; /* false: it was active already */
};

/*
 * Approves them in one change: event is LIFE_APPROVE or LIFE_APPROVE_ALL,
 * groups are the config's. ERR_POLICY, ERR_EXISTS: nothing may be committed; or
 * as store_put.
 */
enum err approval_run(struct store *store, struct approval *approvals,
    size_t count, enum life_event event, const struct record_event *how,
    const struct service_group *groups, struct error *why);

#endif
