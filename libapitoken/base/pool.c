#include "base/pool.h"

#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 65536 /* bytes, or as many as one string takes */

struct pool_block {
	struct pool_block *next;
	size_t used, size;
	char bytes[];
};

static struct pool_block *
new_block(size_t size)
{
	struct pool_block *block;

	if (size < BLOCK)
		size = BLOCK;
	block = malloc(sizeof(*block) + size);
	if (block != NULL)
		*block = (struct pool_block){.size = size};
	return block;
}

char *
pool_room(struct pool *pool, size_t size)
{
	struct pool_block *block = pool->blocks;

	if (block == NULL || block->size - block->used < size) {
		block = new_block(size);
		if (block == NULL)
			return NULL;
		block->next = pool->blocks;
		pool->blocks = block;
	}
	block->used += size;
	return block->bytes + block->used - size;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

const char *
pool_intern(struct pool *pool, const char *text)
{
	const void *found = tfind(text, &pool->interned, compare);
	size_t size = strlen(text) + 1;
	char *copy;

	if (found != NULL)
		return *(const char *const *)found;
	copy = pool_room(pool, size);
	if (copy == NULL)
		return NULL;
	memcpy(copy, text, size);
	return tsearch(copy, &pool->interned, compare) != NULL ? copy : NULL;
}

/* The blocks own the strings in the tree. */
static void
keep(void *text)
{
	(void)text;
}

void
pool_free(struct pool *pool)
{
	tdestroy(pool->interned, keep);
	while (pool->blocks != NULL) {
		struct pool_block *next = pool->blocks->next;

		free(pool->blocks);
		pool->blocks = next;
	}
	*pool = (struct pool){0};
}
