/*
 * The parts of a database file: a head, the lists, and consecutive blocks. Read
 * without libtdb, which opens no file with a damaged head or chain. See
 * tdb_image.h for what they mean.
 */
#ifndef APITOKEN_TDB_BLOCKS_H
#define APITOKEN_TDB_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "tdb/db.h"

/* The list of free space, then the chains. */
#define BLOCKS_LISTS (DB_BUCKETS + 1)
#define BLOCKS_HEAD 168         /* bytes */
#define BLOCKS_HEAD_BUCKETS 36  /* where it says how many chains there are */
#define BLOCKS_HEAD_RECOVERY 44 /* and where the note lies */
#define BLOCKS_START (BLOCKS_HEAD + BLOCKS_LISTS * sizeof(uint32_t))
#define BLOCKS_ALIGNMENT 4

#define BLOCKS_ENTRY 0x26011999U
#define BLOCKS_FREE (~BLOCKS_ENTRY)
#define BLOCKS_RECOVERY 0xf53bc0e7U
#define BLOCKS_NO_RECOVERY 0U

/* Offsets have 32 bits: libtdb opens no larger file. */
#define BLOCKS_SIZE_MAX ((uint64_t)UINT32_MAX)

/* How much is read at a time: at random, or in sequence. */
#define BLOCKS_NEAR 2048
#define BLOCKS_FAR (UINT32_C(1) << 20)

/* The header of a block. */
struct block {
	uint32_t next, len, key_len, value_len, hash, magic;
};

/* An open file, and the part of it that was read last. */
struct blocks {
	int fd;
	uint64_t size;
	size_t step; /* BLOCKS_NEAR or BLOCKS_FAR */
	uint8_t *window;
	uint64_t window_at;
	size_t window_len, window_room;
	bool no_memory; /* blocks_view failed for good */
	int error;      /* errno of the first read that failed; or 0 */
};

/*
 * Opens the file at path after checking it as safe_open does; close it with
 * blocks_close. What lies beyond BLOCKS_SIZE_MAX is ignored. ERR_MISSING,
 * ERR_UNSAFE, ERR_SYSTEM.
 */
enum err blocks_open(
    struct blocks *blocks, const char *path, struct error *why);

void blocks_close(struct blocks *blocks);

/*
 * The bytes at an offset, valid until the next call here; NULL beyond the end
 * of the file, on a read error, or if out of memory.
 */
const uint8_t *blocks_view(struct blocks *blocks, uint64_t offset, size_t len);

/* Reads the header of a block at an offset; false if none can be there. */
bool blocks_read(struct blocks *blocks, uint64_t offset, struct block *block);

/*
 * The next place after offset where a block may begin: after the zeroes, if
 * there are many, since a file may have grown by too many of them to look at
 * one by one.
 */
uint64_t blocks_next(struct blocks *blocks, uint64_t offset);

/* The offset after a block. */
uint64_t blocks_end(uint64_t offset, const struct block *block);

/* Whether the block ends within the file, with its own length. */
bool blocks_has_tail(
    struct blocks *blocks, uint64_t offset, const struct block *block);

/* Whether it is an entry, and its key and value fit into it. */
bool blocks_has_content(
    const struct blocks *blocks, uint64_t offset, const struct block *block);

/*
 * Reads the lists and the offset of the recovery area; what a short file lacks
 * counts as zeroes. False if the head is not ours.
 */
bool blocks_read_head(
    struct blocks *blocks, uint32_t lists[BLOCKS_LISTS], uint32_t *recovery);

#endif
