/* Shared by fleet_apply.c and fleet_apply_write.c only. */
#ifndef APITOKEN_FLEET_APPLY_IMPL_H
#define APITOKEN_FLEET_APPLY_IMPL_H

#include "fleet/fleet_apply.h"

struct apply_work {
	const struct config *config;
	const struct fleet_list *list;
	const struct fleet_trust *trust;
	bool is_changes; /* the list is: what it does not have stays */
	int64_t now, deadline;
	/* What was there when it was compared */
	bool has_head;
	struct fleet_head head;
	struct fleet_known *known, after;   /* before and behind changes */
	uint8_t (*hashes)[CRYPTO_HASH_LEN]; /* of the list's items */
	/* The items that are new or changed, and the known ones to remove */
	size_t *written, *removed;
	struct fleet_applied *applied;
};

/*
 * Writes what was compared, in one transaction. ERR_BUSY if another has applied
 * something since then; or as fleet_store_open and fleet_store_put.
 */
enum err apply_write(struct apply_work *work, struct error *why);

#endif
