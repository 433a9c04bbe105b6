/*
 * The contents of a database: all that its chains lead to, judged one by one.
 * Takes some 80 bytes of memory per token.
 */
#ifndef APITOKEN_INVENTORY_H
#define APITOKEN_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "check/findings.h"
#include "check/logo_list.h"
#include "store/key.h"
#include "tdb/tdb_image.h"
#include "token/token.h"

enum inventory_index {
	INVENTORY_NO_INDEX = 0,
	INVENTORY_DAMAGED_INDEX,
	INVENTORY_SOUND_INDEX,
};

struct inventory_user {
	char *name;
	enum inventory_index index;
	bool owns; /* a sound token */
};

struct inventory_token {
	char id[TOKEN_ID_LEN + 1];
	bool sound; /* its MAC is right and it was understood */
	bool newer; /* its MAC is right, its format is not ours */
	bool twice; /* there are others with that id */
	struct inventory_user *user; /* NULL if it is not sound */
	uint64_t logo; /* the mark of its logo, see logo.h; 0: it has none */
	uint64_t offset;
};

/* A place where an index names a token. */
struct inventory_ref {
	char id[TOKEN_ID_LEN + 1];
	struct inventory_user *user; /* whose index it is */
	uint32_t place;              /* in that index */
};

struct inventory {
	const struct keys *keys;
	struct findings *findings;
	struct inventory_token *tokens; /* sorted by id */
	size_t token_count, token_room;
	struct inventory_ref *refs; /* likewise */
	size_t ref_count, ref_room;
	struct logo_list logos;
	bool has_values;  /* it is that of what is issued to a fleet */
	uint64_t *values; /* offsets of what is sound of issued_value.h */
	size_t value_count, value_room;
	void *users;     /* a tree of struct inventory_user */
	uint64_t sealed; /* values that the key fits */
	uint64_t newer;  /* of these, those not understood */
	bool has_check;  /* there is a key check, */
	bool check_fits; /* and the key fits it */
	uint64_t sound_tokens;
	uint64_t owners; /* users who have any of these */
};

/*
 * Reads all entries of the file, and adds to findings what is wrong with each
 * by itself, except for damaged tokens and logos: see crosscheck.h. The
 * inventory starts with keys, findings and has_values set and all else zero;
 * free it with inventory_free, even after an error. ERR_NOMEM.
 */
enum err inventory_take(struct inventory *inventory, struct tdb_image *image);

void inventory_free(struct inventory *inventory);

/* Notes that there is another record with this id. */
void inventory_doubt(
    struct inventory *inventory, const char id[TOKEN_ID_LEN + 1]);

/* The only sound token with this id that its chain leads to, or NULL. */
const struct inventory_token *inventory_token(
    const struct inventory *inventory, const char id[TOKEN_ID_LEN + 1]);

/*
 * Whether there is anything with this id besides a logo: a token, sound or not,
 * or its name in an index.
 */
bool inventory_has_id(
    const struct inventory *inventory, const char id[TOKEN_ID_LEN + 1]);

/* The index that names this id, the first if there are two, or NULL. */
const struct inventory_ref *inventory_ref(
    const struct inventory *inventory, const char id[TOKEN_ID_LEN + 1]);

/* The user with this name, added if new. NULL if out of memory. */
struct inventory_user *inventory_user(
    struct inventory *inventory, const char *name);

#endif
