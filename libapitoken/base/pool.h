/* Strings that stay until all of them are freed together. */
#ifndef APITOKEN_POOL_H
#define APITOKEN_POOL_H

#include <stddef.h>

struct pool {
	struct pool_block *blocks;
	void *interned; /* tree of strings, see tsearch(3) */
};

/* Allocates size bytes, for strings only; NULL if out of memory. */
char *pool_room(struct pool *pool, size_t size);

/* The one copy of text in the pool; NULL if out of memory. */
const char *pool_intern(struct pool *pool, const char *text);

void pool_free(struct pool *pool);

#endif
