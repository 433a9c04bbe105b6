/*
 * Reads the bytes of a database file without libtdb, which stops at the first
 * thing that it cannot follow. Never writes. The caller holds the store's lock.
 *
 * The file is a head, a table of chains (one for each value of a hash), and
 * blocks that follow each other up to its end: entries, free space, and the
 * area from which libtdb undoes an interrupted transaction. Each block begins
 * with a header (next of its chain, length, lengths of key and value, hash,
 * magic) and ends with its length. Numbers are in host byte order.
 *
 * An entry is linked if its chain leads to it, and its hash belongs to that
 * chain: then, and only then, libtdb finds it. Deleted and replaced entries
 * survive in free space and in the recovery area, complete with header, so that
 * their mere presence proves nothing.
 */
#ifndef APITOKEN_TDB_IMAGE_H
#define APITOKEN_TDB_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct tdb_image;

struct image_entry {
	uint64_t offset;
	const char *key;
	size_t key_len;
	const uint8_t *value;
	size_t len;
};

/* Called with one entry; any return but ERR_OK ends the walk. */
typedef enum err image_reader(const struct image_entry *entry, void *arg);

/* What is wrong with the file itself. */
struct image_state {
	int error;          /* errno of the first read that failed; or 0 */
	bool head;          /* the head is not ours */
	bool free_space;    /* the list of free space is broken */
	bool recovery;      /* the recovery area overlaps entries */
	bool interrupted;   /* a transaction was neither finished nor undone */
	uint64_t links;     /* places where a chain leads nowhere */
	uint64_t misplaced; /* linked entries inside another block */
	/* Unused, harmless bytes that a killed commit left. */
	uint64_t orphaned;
};

/*
 * Opens the file at path after checking it as safe_open does. Close *image with
 * image_close. ERR_MISSING, ERR_UNSAFE, ERR_NOMEM, ERR_SYSTEM.
 */
enum err image_open(
    struct tdb_image **image, const char *path, struct error *why);

void image_close(struct tdb_image *image);

/*
 * Passes every linked entry to the reader, chain by chain: of two with the same
 * key, the one that libtdb finds comes first. Call this once, and first.
 * ERR_NOMEM, or what the reader returned.
 */
enum err image_each_linked(
    struct tdb_image *image, image_reader *reader, void *arg);

/*
 * Goes from block to block, and passes to the reader every entry that is in its
 * place but not linked: it was lost. Entries of a killed commit that grew the
 * file always lie in free space that no list knows; they are counted as
 * orphaned. Errors as image_each_linked.
 */
enum err image_each_lost(
    struct tdb_image *image, image_reader *reader, void *arg);

/* After that: whether a linked entry follows the block before it. */
bool image_in_place(const struct tdb_image *image, uint64_t offset);

/*
 * Passes to the reader everything else that looks like an entry, wherever it
 * lies: lost, orphaned, deleted and replaced ones, some more than once, and
 * mere accidents. Also looks for an interrupted transaction anywhere. Errors as
 * image_each_linked.
 */
enum err image_each_copy(
    struct tdb_image *image, image_reader *reader, void *arg);

/* Reads the entry at an offset again. ERR_DAMAGED, ERR_NOMEM. */
enum err image_get(
    struct tdb_image *image, uint64_t offset, image_reader *reader, void *arg);

/* What the walks have found out about the file so far. */
const struct image_state *image_state(struct tdb_image *image);

#endif
