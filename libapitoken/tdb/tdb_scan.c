#include "tdb/tdb_scan.h"

#include <string.h>

#include "tdb/tdb_blocks.h"

struct walk {
	struct blocks file;
	uint64_t recovery; /* where the head says that the undo area is */
	uint64_t links;    /* of all entries less those of all links */
	db_reader *reader;
	void *arg;
};

/* A number for an offset, of which sums hardly are the same; 0 for none. */
static uint64_t
number_of(uint64_t offset)
{
	/* The finaliser of A. Appleby's MurmurHash3. */
	offset ^= offset >> 33;
	offset *= UINT64_C(0xff51afd7ed558ccd);
	offset ^= offset >> 33;
	offset *= UINT64_C(0xc4ceb9fe1a85ec53);
	return offset ^ offset >> 33;
}

/* Reads the head, and where the chains begin. */
static bool
read_lists(struct walk *walk)
{
	uint32_t recovery, link;
	const uint8_t *bytes = blocks_view(&walk->file, 0, BLOCKS_START);

	if (bytes == NULL)
		return false;
	memcpy(&recovery, bytes + BLOCKS_HEAD_RECOVERY, sizeof(recovery));
	walk->recovery = recovery;
	/* The first list is of free space. */
	for (size_t i = 1; i < BLOCKS_LISTS; i++) {
		memcpy(&link, bytes + BLOCKS_HEAD + i * sizeof(link),
		    sizeof(link));
		walk->links -= number_of(link);
	}
	return true;
}

/* An entry; false if it cannot be read. */
static bool
visit(
    struct walk *walk, uint64_t offset, const struct block *block, enum err *rc)
{
	const uint8_t *bytes;

	if (!blocks_has_content(&walk->file, offset, block))
		return false;
	bytes = blocks_view(&walk->file, offset + sizeof(*block),
	    (size_t)block->key_len + block->value_len);
	if (bytes == NULL)
		return false;
	walk->links += number_of(offset) - number_of(block->next);
	*rc = walk->reader((const char *)bytes, block->key_len,
	    bytes + block->key_len, block->value_len, walk->arg);
	return true;
}

/* Whether it is free, or what libtdb keeps to undo a transaction, unused. */
static bool
is_unused(const struct walk *walk, uint64_t offset, const struct block *block)
{
	return block->magic == BLOCKS_FREE ||
	    (block->magic == BLOCKS_NO_RECOVERY && offset == walk->recovery);
}

/* Goes from block to block; whether that leads to the end of the file. */
static bool
visit_all(struct walk *walk, enum err *rc)
{
	uint64_t offset = BLOCKS_START;
	struct block block;

	while (*rc == ERR_OK && offset < walk->file.size) {
		if (!blocks_read(&walk->file, offset, &block))
			return false;
		if (!is_unused(walk, offset, &block) &&
		    !visit(walk, offset, &block, rc))
			return false;
		offset = blocks_end(offset, &block);
	}
	return offset == walk->file.size;
}

enum err
scan_each(const char *path, db_reader *reader, void *arg, bool *exact,
    struct error *why)
{
	struct walk walk = {.reader = reader, .arg = arg};
	enum err rc = blocks_open(&walk.file, path, why);

	*exact = false;
	if (rc != ERR_OK)
		return rc;
	walk.file.step = BLOCKS_FAR;
	*exact = read_lists(&walk) && visit_all(&walk, &rc) && walk.links == 0;
	if (walk.file.no_memory)
		rc = error_plain(why, ERR_NOMEM);
	blocks_close(&walk.file);
	return rc;
}
