/* A repair under way, for repair.c and repair_fill.c only. */
#ifndef APITOKEN_REPAIR_IMPL_H
#define APITOKEN_REPAIR_IMPL_H

#include "check/repair.h"
#include "check/salvage.h"
#include "store/key.h"
#include "tdb/db.h"
#include "tdb/tdb_image.h"
#include "token/record.h"

/* The new database while it is written. */
struct rebuild {
	struct repair_report *report;
	const struct keys *keys;
	bool has_values;           /* see inventory.h */
	struct record_event event; /* of whoever repairs */
	struct tdb_image *image;
	struct db *db;
	uint64_t logo_bytes; /* of the transaction, and of values */
	struct error *why;
};

/* Writes what was chosen into the new database. Errors as repair_store. */
enum err repair_fill(struct rebuild *rebuild, const struct salvage *salvage);

#endif
