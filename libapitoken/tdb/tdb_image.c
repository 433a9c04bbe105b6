#include "tdb/tdb_image.h"

#include <stdlib.h>
#include <string.h>

#include "tdb/tdb_blocks.h"

struct tdb_image {
	struct blocks file;
	struct image_state state;
	uint32_t recovery; /* where it is by the head */
	bool recovery_met; /* and it was there */
	uint32_t lists[BLOCKS_LISTS];
	uint8_t *known;  /* one bit for each block that a list names */
	uint8_t *placed; /* and for those right after another */
};

static enum err
give(struct tdb_image *image, uint64_t offset, const struct block *block,
    image_reader *reader, void *arg)
{
	size_t len = (size_t)block->key_len + block->value_len;
	const uint8_t *bytes = blocks_view(
	    &image->file, offset + sizeof(*block), len);
	struct image_entry entry = {.offset = offset};

	if (bytes == NULL)
		return image->file.no_memory ? ERR_NOMEM : ERR_DAMAGED;
	entry.key = (const char *)bytes;
	entry.key_len = block->key_len;
	entry.value = bytes + block->key_len;
	entry.len = block->value_len;
	return reader(&entry, arg);
}

static bool
has_bit(const uint8_t *bits, uint64_t offset)
{
	uint64_t bit = offset / BLOCKS_ALIGNMENT;

	return (bits[bit / 8] >> bit % 8 & 1) != 0;
}

static void
set_bit(uint8_t *bits, uint64_t offset)
{
	uint64_t bit = offset / BLOCKS_ALIGNMENT;

	bits[bit / 8] |= (uint8_t)(1U << bit % 8);
}

/* Whether a known block begins between from and to. */
static bool
any_known(const struct tdb_image *image, uint64_t from, uint64_t to)
{
	uint64_t at = (from + BLOCKS_ALIGNMENT - 1) / BLOCKS_ALIGNMENT;
	uint64_t end = (to < image->file.size ? to : image->file.size) /
	    BLOCKS_ALIGNMENT;

	while (at < end) {
		if (at % 8 == 0 && image->known[at / 8] == 0) {
			at += 8;
			continue;
		}
		if (has_bit(image->known, at * BLOCKS_ALIGNMENT))
			return true;
		at++;
	}
	return false;
}

/* Walks the list of free space, as far as it goes. */
static void
walk_free(struct tdb_image *image)
{
	uint64_t offset = image->lists[0];
	struct block block;

	image->file.step = BLOCKS_NEAR;
	while (offset != 0) {
		if (!blocks_read(&image->file, offset, &block) ||
		    block.magic != BLOCKS_FREE ||
		    has_bit(image->known, offset) ||
		    !blocks_has_tail(&image->file, offset, &block)) {
			image->state.free_space = true;
			return;
		}
		set_bit(image->known, offset);
		offset = block.next;
	}
}

/* An offset to compare with, and when to replace it (R. P. Brent's method). */
struct circle {
	uint64_t kept, seen, until;
};

/* Whether a chain is circular: entries of other chains do not count. */
static bool
is_circle(struct circle *circle, uint64_t offset)
{
	if (offset == circle->kept)
		return true;
	if (++circle->seen == circle->until) {
		circle->kept = offset;
		circle->until *= 2;
	}
	return false;
}

static enum err
walk_chain(
    struct tdb_image *image, uint32_t chain, image_reader *reader, void *arg)
{
	uint64_t offset = image->lists[1 + chain];
	struct circle circle = {.until = 1};
	struct block block;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && offset != 0) {
		if (is_circle(&circle, offset) ||
		    !blocks_read(&image->file, offset, &block) ||
		    block.magic != BLOCKS_ENTRY ||
		    has_bit(image->known, offset)) {
			image->state.links++;
			return image->file.no_memory ? ERR_NOMEM : ERR_OK;
		}
		if (!blocks_has_content(&image->file, offset, &block) ||
		    block.hash % DB_BUCKETS != chain) {
			image->state.links++;
		} else {
			if (!blocks_has_tail(&image->file, offset, &block))
				image->state.links++;
			set_bit(image->known, offset);
			image->state.misplaced++; /* until its place is seen */
			rc = give(image, offset, &block, reader, arg);
			if (rc == ERR_DAMAGED) {
				image->state.links++;
				rc = ERR_OK;
			}
		}
		offset = block.next;
	}
	return rc;
}

enum err
image_each_linked(struct tdb_image *image, image_reader *reader, void *arg)
{
	enum err rc = ERR_OK;

	walk_free(image);
	image->file.step = BLOCKS_NEAR;
	for (uint32_t i = 0; rc == ERR_OK && i < DB_BUCKETS; i++)
		rc = walk_chain(image, i, reader, arg);
	return rc;
}

/* A range of the file with no known block. */
struct run {
	uint64_t start;
	bool loose; /* it holds something that is no entry */
};

/* Ends the run before offset: what it held decides what it was. */
static enum err
end_run(struct tdb_image *image, const struct run *run, uint64_t offset,
    image_reader *reader, void *arg)
{
	struct block block;
	enum err rc = ERR_OK;

	if (run->loose)
		image->state.orphaned += offset - run->start;
	if (run->loose || run->start == offset)
		return ERR_OK;
	for (uint64_t at = run->start; rc == ERR_OK && at < offset;) {
		if (!blocks_read(&image->file, at, &block))
			return image->file.no_memory ? ERR_NOMEM : ERR_OK;
		rc = give(image, at, &block, reader, arg);
		at = blocks_end(at, &block);
	}
	return rc == ERR_DAMAGED ? ERR_OK : rc;
}

/* Whether it is the recovery area, which no list names. */
static bool
is_recovery(struct tdb_image *image, uint64_t offset, const struct block *block)
{
	if (block->magic == BLOCKS_RECOVERY)
		image->state.interrupted = true;
	if (offset != image->recovery ||
	    blocks_end(offset, block) > image->file.size ||
	    (block->magic != BLOCKS_RECOVERY &&
		block->magic != BLOCKS_NO_RECOVERY) ||
	    any_known(image, offset, blocks_end(offset, block)))
		return false;
	image->recovery_met = true;
	return true;
}

/*
 * libtdb writes to whatever looks like the recovery area, wherever it is. It
 * ignores one that does not, and makes a new one.
 */
static void
judge_recovery(struct tdb_image *image)
{
	const uint8_t *bytes;
	struct block block;

	if (image->recovery == 0 || image->recovery_met)
		return;
	bytes = blocks_view(&image->file, image->recovery, sizeof(block));
	if (bytes == NULL)
		return;
	memcpy(&block, bytes, sizeof(block));
	if (block.magic == BLOCKS_RECOVERY || block.magic == BLOCKS_NO_RECOVERY)
		image->state.recovery = true;
}

/* The next place after an unknown block, or after no block at all. */
static uint64_t
step_over(struct tdb_image *image, uint64_t offset, const struct block *block,
    struct run *run)
{
	uint64_t end = blocks_end(offset, block);
	bool whole = blocks_has_tail(&image->file, offset, block) &&
	    (block->magic == BLOCKS_FREE ||
		blocks_has_content(&image->file, offset, block)) &&
	    !any_known(image, offset + BLOCKS_ALIGNMENT, end);

	if (!whole || block->magic == BLOCKS_FREE)
		run->loose = true;
	return whole ? end : blocks_next(&image->file, offset);
}

/*
 * Whether a known block cannot end where it says. What looks like its tail may
 * be the length of the next entry, which then lies across that end: had the
 * block ever ended there, the data after it would have overwritten that entry.
 */
static bool
is_too_long(struct tdb_image *image, uint64_t offset, const struct block *block)
{
	uint64_t end = blocks_end(offset, block), at = offset;
	struct block inner;

	if (!blocks_has_tail(&image->file, offset, block))
		return true;
	while ((at += BLOCKS_ALIGNMENT) < end) {
		if (!has_bit(image->known, at) ||
		    !blocks_read(&image->file, at, &inner) ||
		    !blocks_has_content(&image->file, at, &inner) ||
		    at + sizeof(inner) + inner.key_len + inner.value_len <= end)
			continue;
		image->state.links++;
		return true;
	}
	return false;
}

static void
place(struct tdb_image *image, uint64_t offset, const struct block *block)
{
	if (block->magic != BLOCKS_ENTRY)
		return;
	set_bit(image->placed, offset);
	image->state.misplaced--;
}

bool
image_in_place(const struct tdb_image *image, uint64_t offset)
{
	return has_bit(image->placed, offset);
}

enum err
image_each_lost(struct tdb_image *image, image_reader *reader, void *arg)
{
	struct run run = {.start = BLOCKS_START};
	uint64_t offset = BLOCKS_START;
	struct block block;
	enum err rc = ERR_OK;

	image->file.step = BLOCKS_FAR;
	while (rc == ERR_OK && offset < image->file.size) {
		bool whole = blocks_read(&image->file, offset, &block);
		uint64_t end;

		if (!whole) {
			run.loose = true;
			offset += BLOCKS_ALIGNMENT;
			continue;
		}
		end = blocks_end(offset, &block);
		if (!has_bit(image->known, offset) &&
		    !is_recovery(image, offset, &block)) {
			offset = step_over(image, offset, &block, &run);
			continue;
		}
		rc = end_run(image, &run, offset, reader, arg);
		if (has_bit(image->known, offset) &&
		    is_too_long(image, offset, &block))
			end = offset + BLOCKS_ALIGNMENT;
		place(image, offset, &block);
		run = (struct run){.start = end};
		offset = end;
	}
	if (rc == ERR_OK)
		rc = end_run(image, &run, image->file.size, reader, arg);
	judge_recovery(image);
	return image->file.no_memory ? ERR_NOMEM : rc;
}

enum err
image_each_copy(struct tdb_image *image, image_reader *reader, void *arg)
{
	struct blocks *file = &image->file;
	uint64_t at = BLOCKS_START;
	struct block block;
	enum err rc = ERR_OK;

	file->step = BLOCKS_FAR;
	for (; at < file->size; at = blocks_next(file, at)) {
		if (!blocks_read(file, at, &block))
			continue;
		if (block.magic == BLOCKS_RECOVERY)
			image->state.interrupted = true;
		if (!blocks_has_content(file, at, &block) ||
		    has_bit(image->known, at))
			continue;
		rc = give(image, at, &block, reader, arg);
		if (rc != ERR_OK && rc != ERR_DAMAGED)
			break;
	}
	if (file->no_memory)
		return ERR_NOMEM;
	return rc == ERR_DAMAGED ? ERR_OK : rc;
}

enum err
image_get(
    struct tdb_image *image, uint64_t offset, image_reader *reader, void *arg)
{
	struct block block;

	image->file.step = BLOCKS_NEAR;
	if (!blocks_read(&image->file, offset, &block) ||
	    !blocks_has_content(&image->file, offset, &block))
		return image->file.no_memory ? ERR_NOMEM : ERR_DAMAGED;
	return give(image, offset, &block, reader, arg);
}

const struct image_state *
image_state(struct tdb_image *image)
{
	image->state.error = image->file.error;
	return &image->state;
}

void
image_close(struct tdb_image *image)
{
	if (image == NULL)
		return;
	blocks_close(&image->file);
	free(image->known);
	free(image->placed);
	free(image);
}

enum err
image_open(struct tdb_image **image, const char *path, struct error *why)
{
	struct tdb_image *fresh = calloc(1, sizeof(*fresh));
	size_t bits;
	enum err rc;

	if (fresh == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = blocks_open(&fresh->file, path, why);
	if (rc != ERR_OK)
		goto out;
	bits = (size_t)(fresh->file.size / BLOCKS_ALIGNMENT / 8 + 1);
	fresh->known = calloc(1, bits);
	fresh->placed = calloc(1, bits);
	fresh->state.head = !blocks_read_head(
	    &fresh->file, fresh->lists, &fresh->recovery);
	if (fresh->known == NULL || fresh->placed == NULL ||
	    fresh->file.no_memory)
		rc = error_plain(why, ERR_NOMEM);
out:
	if (rc == ERR_OK)
		*image = fresh;
	else
		image_close(fresh);
	return rc;
}
