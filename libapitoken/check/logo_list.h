/* The logos that were found in a file: of which tokens, and where. */
#ifndef APITOKEN_LOGO_LIST_H
#define APITOKEN_LOGO_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/key.h"
#include "tdb/tdb_image.h"
#include "token/logo.h"
#include "token/token.h"

struct logo_found {
	char id[TOKEN_ID_LEN + 1];
	bool newer;    /* its seal is right, its format is not ours */
	uint64_t mark; /* see logo.h; 0: damaged, or newer */
	uint64_t offset;
};

/* All zero at first. */
struct logo_list {
	struct logo_found *items; /* by id and mark, once sorted */
	size_t count, room;
	struct logo *work; /* the one that was read last */
};

/*
 * Adds an entry that is called the logo of the token with this id. ERR_DAMAGED,
 * ERR_NEWER: it was added as such; ERR_NOMEM.
 */
enum err logo_list_add(struct logo_list *list, const struct keys *keys,
    const char id[TOKEN_ID_LEN + 1], const struct image_entry *entry);

void logo_list_sort(struct logo_list *list);

/* In a sorted list: the first with this id and mark, or NULL. */
const struct logo_found *logo_list_find(const struct logo_list *list,
    const char id[TOKEN_ID_LEN + 1], uint64_t mark);

/* Likewise, the first with this id. */
const struct logo_found *logo_list_any(
    const struct logo_list *list, const char id[TOKEN_ID_LEN + 1]);

void logo_list_free(struct logo_list *list);

#endif
