/*
 * Where the entries of an undamaged database lie, byte by byte, according to
 * its format. Independent of the code under test: it tells what a change of the
 * file has touched.
 */
#ifndef APITOKEN_DAMAGE_LAYOUT_H
#define APITOKEN_DAMAGE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAYOUT_MAX 80 /* entries */

#define LAYOUT_FREE 168   /* where the free list begins */
#define LAYOUT_CHAINS 172 /* where the chains begin */
#define LAYOUT_DATA (LAYOUT_CHAINS + 4 * 131071) /* the first block */
#define LAYOUT_RECOVERY 44 /* where the head points to the recovery area */
#define LAYOUT_HEADER 24   /* bytes at the start of each block */
#define LAYOUT_ENTRY_MAGIC 0x26011999U
#define LAYOUT_RECOVERY_MAGIC 0xf53bc0e7U

/* The bytes of a file. */
struct image {
	uint8_t *bytes;
	size_t size;
};

/* A record, an index or a logo; offsets of the file. */
struct layout_entry {
	size_t link;                       /* the word that points to it */
	size_t start, end;                 /* its header, key and value */
	size_t tail;                       /* the word that ends its block */
	const struct layout_entry *before; /* in its chain, or NULL */
};

struct layout {
	const struct image *good;
	struct layout_entry entries[LAYOUT_MAX];
	size_t count;
};

/* Finds the entries. False if there are more than LAYOUT_MAX. */
bool layout_read(struct layout *layout, const struct image *good);

/* The entry with a key of this kind (`t`, `u`, `l`) and name, or NULL. */
const struct layout_entry *layout_find(
    const struct layout *layout, char kind, const char *name);

/* Whether bad and good have the same bytes from start to end. */
bool layout_same(const struct layout *layout, const struct image *bad,
    size_t start, size_t end);

/* Whether any entry, or a word that leads to it, has changed in bad. */
bool layout_is_touched(const struct layout *layout, const struct image *bad);

/* Whether an entry is intact, in its old place. */
bool layout_is_whole(const struct layout *layout,
    const struct layout_entry *entry, const struct image *bad);

/* Whether everything that leads to it is intact as well. */
bool layout_is_led_to(const struct layout *layout,
    const struct layout_entry *entry, const struct image *bad);

/*
 * Whether the data to undo the interrupted transaction of the good image is
 * intact, in its old place.
 */
bool layout_can_be_undone(const struct image *good, const struct image *bad);

/* Whether the next to open it has to undo a transaction first. */
bool layout_is_to_be_undone(const struct image *image);

/* The number at an offset; 0 where the file has none. */
uint32_t layout_number(const struct image *image, size_t at);

/* How often the number occurs, at any aligned place. */
size_t layout_count_number(const struct image *image, uint32_t number);

/* How many entries have this key, wherever they lie; see layout_find. */
size_t layout_count_key(const struct image *image, char kind, const char *name);

#endif
