/* The fleet's usable tokens, as lots of one owner each. */
#ifndef TOKENADM_FLEET_LOTS_H
#define TOKENADM_FLEET_LOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/pool.h"
#include "config/config.h"
#include "lifecycle/sweep.h"

/* A token; its texts are interned, and those of the lots. */
struct fleet_held {
	char id[TOKEN_ID_LEN + 1];
	const char *user, *issuer, *name;
	enum sweep_tie tie;
	uid_t uid; /* -1: none */
	bool is_local;
};

/* An owner's tokens, those of an issuer together. */
struct fleet_lot {
	struct sweep_owner *owner;
	struct fleet_held *tokens;
	size_t count;
};

struct fleet_lots {
	struct fleet_lot *each;
	size_t count;
	struct fleet_held *held;
	size_t held_count, room;
	struct pool texts;
};

/*
 * Reads all, or a user's if user is not NULL, and adds their owners to the
 * sweep; now is in seconds. ERR_NOMEM, and then there are none; as
 * fleet_usable_each, and then what could be read is there. Free with
 * fleet_lots_free, even after an error.
 */
enum err fleet_lots_read(struct fleet_lots *lots, struct sweep *sweep,
    const struct config *config, const char *user, int64_t now,
    struct error *why);

void fleet_lots_free(struct fleet_lots *lots);

#endif
