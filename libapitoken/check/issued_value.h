/*
 * What stands beside the tokens in the store of what a machine issues to a
 * fleet (fleet_issued.h), as far as damage shows in each by itself.
 */
#ifndef APITOKEN_ISSUED_VALUE_H
#define APITOKEN_ISSUED_VALUE_H

#include <stdbool.h>

#include "base/error.h"
#include "store/key.h"
#include "tdb/tdb_image.h"

struct issued_value {
	bool is_record; /* it is published of an id, not the way there */
	char what[96];  /* for people */
};

/*
 * Judges an entry. ERR_NOT_FOUND: it is none of these; ERR_DAMAGED, ERR_NEWER.
 */
enum err issued_value_judge(struct issued_value *value, const struct keys *keys,
    const struct image_entry *entry);

#endif
