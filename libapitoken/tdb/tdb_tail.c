#include "tdb/tdb_tail.h"

#include <string.h>

#include "tdb/tdb_blocks.h"

/* Most blocks of the list to look at: more would be damage. */
#define MOST 100000

static bool
read_number(struct blocks *blocks, uint64_t offset, uint32_t *number)
{
	const uint8_t *bytes = blocks_view(blocks, offset, sizeof(*number));

	if (bytes != NULL)
		memcpy(number, bytes, sizeof(*number));
	return bytes != NULL;
}

/* The offset of the last block if it is free; else 0. */
static uint64_t
last_free(struct blocks *blocks)
{
	uint64_t end = blocks->size;
	uint32_t len, magic;

	if (end < BLOCKS_START || !read_number(blocks, end - sizeof(len), &len))
		return 0;
	if (len < sizeof(struct block) || len > end - BLOCKS_START ||
	    !read_number(
		blocks, end - len + offsetof(struct block, magic), &magic))
		return 0;
	return magic == BLOCKS_FREE ? end - len : 0;
}

/* Whether the list of free space has the block. */
static bool
is_listed(struct blocks *blocks, uint64_t block)
{
	uint64_t at = BLOCKS_HEAD;
	uint32_t next;

	for (unsigned i = 0; i < MOST; i++) {
		if (!read_number(blocks, at, &next) || next == 0)
			return false;
		if (next == block)
			return true;
		at = next + offsetof(struct block, next);
	}
	return false;
}

enum err
tail_check(const char *path, struct error *why)
{
	struct blocks blocks;
	uint64_t last;
	bool can_grow, no_memory;
	enum err rc = blocks_open(&blocks, path, why);

	if (rc != ERR_OK)
		return rc;
	last = last_free(&blocks);
	can_grow = last == 0 || is_listed(&blocks, last);
	no_memory = blocks.no_memory;
	blocks_close(&blocks);
	if (no_memory)
		return error_plain(why, ERR_NOMEM);
	if (can_grow)
		return ERR_OK;
	return error_set(why, ERR_DAMAGED,
	    "%s: damaged: space at its end is neither used nor free", path);
}
