#include "layout.h"

#include <string.h>

/* Offsets within a header. */
#define NEXT 0
#define LEN 4
#define KEY_LEN 8
#define VALUE_LEN 12
#define MAGIC_AT 20

uint32_t
layout_number(const struct image *image, size_t at)
{
	uint32_t number = 0;

	if (at + sizeof(number) <= image->size)
		memcpy(&number, image->bytes + at, sizeof(number));
	return number;
}

size_t
layout_count_number(const struct image *image, uint32_t number)
{
	size_t count = 0;

	for (size_t at = LAYOUT_DATA; at + 4 <= image->size; at += 4)
		count += layout_number(image, at) == number;
	return count;
}

static bool
read_chain(struct layout *layout, size_t link)
{
	const struct image *good = layout->good;
	const struct layout_entry *before = NULL;
	size_t at;

	while ((at = layout_number(good, link)) != 0) {
		struct layout_entry *entry = &layout->entries[layout->count];

		if (layout->count == LAYOUT_MAX ||
		    layout_number(good, at + MAGIC_AT) != LAYOUT_ENTRY_MAGIC)
			return false;
		*entry = (struct layout_entry){
		    .link = link, .start = at, .before = before};
		entry->end = at + LAYOUT_HEADER +
		    layout_number(good, at + KEY_LEN) +
		    layout_number(good, at + VALUE_LEN);
		entry->tail = at + LAYOUT_HEADER +
		    layout_number(good, at + LEN) - 4;
		layout->count++;
		before = entry;
		link = at + NEXT;
	}
	return true;
}

bool
layout_read(struct layout *layout, const struct image *good)
{
	*layout = (struct layout){.good = good};
	for (size_t link = LAYOUT_CHAINS; link < LAYOUT_DATA; link += 4) {
		if (!read_chain(layout, link))
			return false;
	}
	return true;
}

/* Whether the entry at an offset has this key. */
static bool
has_key(const struct image *image, size_t at, char kind, const char *name)
{
	const size_t len = strlen(name);
	const uint8_t *key = image->bytes + at + LAYOUT_HEADER;

	return at + LAYOUT_HEADER + 1 + len <= image->size &&
	    layout_number(image, at + KEY_LEN) == len + 1 &&
	    key[0] == (uint8_t)kind && memcmp(key + 1, name, len) == 0;
}

const struct layout_entry *
layout_find(const struct layout *layout, char kind, const char *name)
{
	for (size_t i = 0; i < layout->count; i++) {
		if (has_key(layout->good, layout->entries[i].start, kind, name))
			return &layout->entries[i];
	}
	return NULL;
}

size_t
layout_count_key(const struct image *image, char kind, const char *name)
{
	size_t count = 0;

	for (size_t at = LAYOUT_DATA; at + LAYOUT_HEADER < image->size; at += 4)
		count += layout_number(image, at + MAGIC_AT) ==
			LAYOUT_ENTRY_MAGIC &&
		    has_key(image, at, kind, name);
	return count;
}

static bool
is_same(
    const struct image *good, const struct image *bad, size_t start, size_t end)
{
	return end <= bad->size &&
	    memcmp(good->bytes + start, bad->bytes + start, end - start) == 0;
}

bool
layout_same(const struct layout *layout, const struct image *bad, size_t start,
    size_t end)
{
	return is_same(layout->good, bad, start, end);
}

bool
layout_can_be_undone(const struct image *good, const struct image *bad)
{
	size_t area = layout_number(good, LAYOUT_RECOVERY);

	return is_same(good, bad, LAYOUT_RECOVERY, LAYOUT_RECOVERY + 4) &&
	    is_same(good, bad, area,
		area + LAYOUT_HEADER + layout_number(good, area + VALUE_LEN));
}

bool
layout_is_whole(const struct layout *layout, const struct layout_entry *entry,
    const struct image *bad)
{
	/* The rest of its chain is not part of the entry. */
	return layout_same(layout, bad, entry->start + LEN, entry->end);
}

bool
layout_is_led_to(const struct layout *layout, const struct layout_entry *entry,
    const struct image *bad)
{
	for (; entry != NULL; entry = entry->before) {
		if (!layout_same(layout, bad, entry->link, entry->link + 4) ||
		    !layout_is_whole(layout, entry, bad))
			return false;
	}
	return true;
}

bool
layout_is_touched(const struct layout *layout, const struct image *bad)
{
	for (size_t i = 0; i < layout->count; i++) {
		const struct layout_entry *entry = &layout->entries[i];

		if (!layout_same(layout, bad, entry->link, entry->link + 4) ||
		    !layout_same(layout, bad, entry->start, entry->end) ||
		    !layout_same(layout, bad, entry->tail, entry->tail + 4))
			return true;
	}
	return false;
}

bool
layout_is_to_be_undone(const struct image *image)
{
	size_t area = layout_number(image, LAYOUT_RECOVERY);

	return area != 0 &&
	    layout_number(image, area + LAYOUT_HEADER - 4) ==
	    LAYOUT_RECOVERY_MAGIC;
}
