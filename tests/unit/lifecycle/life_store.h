/*
 * A token and its successor in a real store, and the events of life_model.h as
 * the core carries them out. The whole can be packed and restored.
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

/* Carries the event out. False: it was refused. */
bool life_store_do(enum event event);

/* What there is of a token, and whether a login with it would be let in. */
struct life_seen {
	bool is_there, accepted;
	struct record record;
};

/* Looks at both, and changes nothing. */
void life_store_see(struct life_seen seen[BOTH]);

/* All that there is, as bytes. */
size_t life_store_pack(uint8_t bytes[LIFE_PACKED_MAX]);
void life_store_unpack(const uint8_t *bytes);

/* Remembers how it is now; and brings it back there, any number of times. */
void life_store_mark(void);
void life_store_return(void);

/*
 * The same without what no event looks at: who did something, and when, what
 * was drawn, and which of the two successors is the second.
 */
size_t life_store_sketch(uint8_t bytes[LIFE_PACKED_MAX]);

#endif
