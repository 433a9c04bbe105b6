/*
 * Chooses the record of each token for a new database; see repair.h for the
 * rules.
 */
#ifndef APITOKEN_SALVAGE_H
#define APITOKEN_SALVAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "check/findings.h"
#include "check/inventory.h"
#include "tdb/tdb_image.h"

/* One record that is worth keeping. */
struct salvage_item {
	char id[TOKEN_ID_LEN + 1];
	bool doubtful; /* to be deactivated */
	bool active;
	uint32_t place; /* in its user's index; UINT32_MAX: in none */
	const struct inventory_user *user;
	uint64_t offset;
	uint64_t logo;           /* the mark of its logo; 0: it has none */
	int64_t created, latest; /* times of the first and last event */
};

struct salvage {
	struct inventory *inventory;
	struct salvage_item *items; /* by user, in order of issue */
	size_t count, room;
	struct logo_list logos; /* copies that no chain leads to */
};

/*
 * Chooses among the sound tokens of the inventory and, where some are missing
 * (search), all other copies in the file. The salvage starts with the inventory
 * set and all else zero; free it with salvage_free. ERR_NOMEM.
 */
enum err salvage_choose(
    struct salvage *salvage, struct tdb_image *image, bool search);

/*
 * Where the logo of the item is: its mark is that of one image only, so that it
 * cannot be an older one. False if it is lost, or there was none.
 */
bool salvage_find_logo(const struct salvage *salvage,
    const struct salvage_item *item, uint64_t *offset);

/*
 * Adds a line for each token of the inventory, or of an index, of which the
 * salvage has no record. Returns their number.
 */
uint64_t salvage_list_lost(
    const struct salvage *salvage, struct findings *lines);

void salvage_free(struct salvage *salvage);

#endif
