/*
 * A token and its successor in a real store, and the events of life_model.h as
 * the core carries them out. The whole state can be packed and restored.
 */
#ifndef APITOKEN_LIFE_STORE_H
#define APITOKEN_LIFE_STORE_H

#include <stddef.h>

#include "lib/scratch.h"
#include "life_model.h"
#include "token/record.h"

#define LIFE_PACKED_MAX 8192

/* An empty store gets the first token, issued at that time. */
void life_store_start(
    const struct scratch *scratch, enum kind kind, int64_t now);

/* Applies the event. False: it was refused. */
bool life_store_do(enum event event);

/* What exists of a token, and whether a login with it would be accepted. */
struct life_seen {
	bool is_there, accepted;
	struct record record;
};

/* Looks at both tokens, and changes nothing. */
void life_store_see(struct life_seen seen[BOTH]);

/* The whole state, as bytes. */
size_t life_store_pack(uint8_t bytes[LIFE_PACKED_MAX]);
void life_store_unpack(const uint8_t *bytes);

/* Saves the current state; and restores it, any number of times. */
void life_store_mark(void);
void life_store_return(void);

/*
 * The same without what no event depends on: who did something, and when,
 * random values, and which of the two successors is the second.
 */
size_t life_store_sketch(uint8_t bytes[LIFE_PACKED_MAX]);

#endif
