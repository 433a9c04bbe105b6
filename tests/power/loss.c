#include "loss.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR 512
#define MOST_SUBSETS 6 /* of ops for which all subsets are tried */

/* How much of an op is on the disk. */
enum part {
	PART_NONE,
	PART_WHOLE,
	PART_TORN, /* some sectors, and perhaps the length */
};

/* The kernel's cache, the disk, and the decisions. */
struct replay {
	const struct trace *trace;
	const struct loss *loss;
	struct image cache;
	struct image *disk;
	bool *pending;  /* for each op of the prefix: it was not synced */
	size_t waiting; /* how many are pending */
	uint64_t random;
};

static uint32_t
draw(struct replay *replay, uint32_t bound)
{
	uint64_t mixed = replay->random += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((mixed ^ (mixed >> 31)) % bound);
}

static bool
is_name(const struct op *op)
{
	return op->kind == OP_CREATE || op->kind == OP_LINK ||
	    op->kind == OP_UNLINK || op->kind == OP_RENAME;
}

/* Whether an op is durable, given which files were synced after it. */
static bool
is_synced(const struct op *op, const bool synced[IMAGE_FILES + 1])
{
	if (op->kind == OP_RENAME)
		return synced[op->in] && synced[op->to_in];
	return synced[is_name(op) ? op->in : op->file];
}

/* Finds the pending ops of the prefix; returns how many there are. */
static size_t
find_pending(const struct trace *trace, size_t prefix, bool *pending)
{
	bool synced[IMAGE_FILES + 1] = {false};
	size_t count = 0;

	for (size_t i = prefix; i-- > 0;) {
		const struct op *op = &trace->ops[i];

		pending[i] = false;
		if (op->kind == OP_SYNC)
			synced[op->file] = true;
		else if (op->kind != OP_ACK)
			pending[i] = !is_synced(op, synced);
		count += pending[i];
	}
	return count;
}

static bool *
new_flags(size_t count)
{
	bool *flags = calloc(count + 1, sizeof(*flags));

	if (flags == NULL)
		err(2, "memory");
	return flags;
}

uint32_t
loss_variants(const struct trace *trace, size_t prefix, uint32_t limit)
{
	bool *pending = new_flags(prefix);
	size_t count = find_pending(trace, prefix, pending);
	bool may_tear = false;

	for (size_t i = 0; i < prefix; i++)
		may_tear |= pending[i] && !is_name(&trace->ops[i]);
	free(pending);
	if (count == 0)
		return 1;
	if (may_tear || count > MOST_SUBSETS || 2 + (1U << count) > limit)
		return limit;
	return 2 + (1U << count);
}

/* Where to write a new value of an image's file. */
static void
write_cache(struct image_file *file, const struct op *op)
{
	if (op->kind == OP_RESIZE)
		image_resize(file, op->len);
	if (op->kind == OP_MODE)
		file->mode = op->mode;
	if (op->kind != OP_WRITE)
		return;
	memcpy(file->bytes + op->at, op->bytes, op->len);
	if (file->len < op->at + op->len)
		file->len = op->at + op->len;
}

/* Writes one sector, as it is now in memory, to the disk. */
static void
flush_sector(const struct image_file *cache, struct image_file *disk, size_t at)
{
	size_t end = at + SECTOR < cache->room ? at + SECTOR : cache->room;

	memcpy(disk->bytes + at, cache->bytes + at, end - at);
}

static void
flush_write(struct replay *replay, const struct op *op, enum part part)
{
	const struct image_file *cache = &replay->cache.files[op->file];
	struct image_file *disk = &replay->disk->files[op->file];
	size_t end = op->at + op->len, at = op->at - op->at % SECTOR;
	uint32_t share = draw(replay, 4) + 1; /* fifths of the sectors */

	for (; at < end; at += SECTOR) {
		if (part == PART_WHOLE || draw(replay, 5) < share)
			flush_sector(cache, disk, at);
	}
	if (disk->len < end && (part == PART_WHOLE || draw(replay, 2) == 0))
		disk->len = end;
}

static void
flush_name(struct image *disk, const struct op *op)
{
	if (op->kind == OP_UNLINK || op->kind == OP_RENAME)
		image_unlink(disk, op->in, op->text);
	if (op->kind == OP_RENAME)
		image_link(disk, op->to_in, op->to_text, op->file);
	else if (op->kind != OP_UNLINK && op->in != IMAGE_NOWHERE)
		image_link(disk, op->in, op->text, op->file);
}

/* How much of a pending op is on the disk; index is its number among them. */
static enum part
choose(struct replay *replay, const struct op *op, size_t index)
{
	uint32_t variant = replay->loss->variant;

	if (variant == LOSS_ALL)
		return PART_NONE;
	if (variant == LOSS_NONE)
		return PART_WHOLE;
	variant -= 2;
	if (replay->waiting <= MOST_SUBSETS && variant < 1U << replay->waiting)
		return (variant >> index & 1) != 0 ? PART_WHOLE : PART_NONE;
	if (op->kind == OP_WRITE)
		return (enum part)draw(replay, 3);
	return draw(replay, 2) == 0 ? PART_NONE : PART_WHOLE;
}

static void
flush(struct replay *replay, const struct op *op, enum part part)
{
	struct image_file *disk = &replay->disk->files[op->file];

	if (part == PART_NONE)
		return;
	if (is_name(op))
		flush_name(replay->disk, op);
	else if (op->kind == OP_WRITE)
		flush_write(replay, op, part);
	else if (op->kind == OP_RESIZE)
		image_resize(disk, op->len);
	else if (op->kind == OP_MODE)
		disk->mode = op->mode;
}

/* Both start as the base, with all files that will exist. */
static void
prepare(struct image *image, const struct trace *trace)
{
	image_copy(image, &trace->base);
	for (size_t i = 0; i < trace->count; i++) {
		const struct op *op = &trace->ops[i];

		if (op->kind == OP_CREATE)
			(void)image_add(image, op->is_directory, op->mode);
	}
	for (size_t i = 0; i < image->file_count; i++)
		image_reserve(&image->files[i], trace->room[i]);
}

void
loss_apply(
    struct image *image, const struct trace *trace, const struct loss *loss)
{
	struct replay replay = {
	    .trace = trace,
	    .loss = loss,
	    .disk = image,
	    .pending = new_flags(loss->prefix),
	    .random = loss->seed ^ (uint64_t)loss->prefix << 32 ^ loss->variant,
	};
	size_t index = 0;

	replay.waiting = find_pending(trace, loss->prefix, replay.pending);
	prepare(image, trace);
	prepare(&replay.cache, trace);
	for (size_t i = 0; i < loss->prefix; i++) {
		const struct op *op = &trace->ops[i];
		enum part part = PART_WHOLE;

		if (op->kind == OP_SYNC || op->kind == OP_ACK)
			continue;
		if (!is_name(op))
			write_cache(&replay.cache.files[op->file], op);
		if (replay.pending[i])
			part = choose(&replay, op, index++);
		flush(&replay, op, part);
	}
	image_free(&replay.cache);
	free(replay.pending);
}
