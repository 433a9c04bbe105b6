#include "harm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 65536 /* bytes by which an image may grow */
#define PAGE 4096
#define SECTOR 512

void
harm_start(struct harm *harm, const struct image *good,
    const struct layout *layout, struct unit_random *random)
{
	*harm = (struct harm){.random = random, .layout = layout};
	harm->room = good->size + ROOM;
	harm->image.size = good->size;
	harm->image.bytes = calloc(1, harm->room);
	assert_non_null(harm->image.bytes);
	memcpy(harm->image.bytes, good->bytes, good->size);
}

void
harm_free(struct harm *harm)
{
	free(harm->image.bytes);
	*harm = (struct harm){0};
}

static void
tell(struct harm *harm, const char *what, size_t at, size_t more)
{
	size_t len = strlen(harm->told);

	(void)snprintf(harm->told + len, sizeof(harm->told) - len,
	    "%s %zu %zu;", what, at, more);
}

static uint32_t
draw(struct harm *harm, size_t bound)
{
	return bound == 0 ? 0
			  : unit_random_below(harm->random, (uint32_t)bound);
}

static const struct layout_entry *
draw_entry(struct harm *harm)
{
	const struct layout *layout = harm->layout;

	return &layout->entries[draw(harm, layout->count)];
}

/* Most places are where damage hurts; some are anywhere. */
static size_t
draw_place(struct harm *harm)
{
	size_t size = harm->image.size;
	const struct layout_entry *entry;

	if (harm->layout == NULL || size < LAYOUT_DATA)
		return draw(harm, size);
	entry = draw_entry(harm);
	switch (draw(harm, 8)) {
	case 0:
		return draw(harm, LAYOUT_CHAINS);
	case 1:
		return draw(harm, size);
	case 2:
		return LAYOUT_DATA + draw(harm, size - LAYOUT_DATA);
	case 3:
		return entry->link + draw(harm, 4);
	case 4:
		return entry->start + draw(harm, LAYOUT_HEADER);
	case 5:
		return entry->tail + draw(harm, 4);
	default:
		return entry->start + draw(harm, entry->end - entry->start);
	}
}

/* A page or a sector, whole or at the end of the file. Returns its length. */
static size_t
draw_page(struct harm *harm, size_t unit, size_t *at)
{
	*at = draw_place(harm) / unit * unit;
	return harm->image.size - *at < unit ? harm->image.size - *at : unit;
}

static size_t
draw_unit(struct harm *harm)
{
	return draw(harm, 2) == 0 ? PAGE : SECTOR;
}

static void
flip_bits(struct harm *harm)
{
	uint32_t flips = 1 + draw(harm, 4);

	while (flips-- > 0) {
		size_t at = draw_place(harm);
		uint32_t bit = draw(harm, 8);

		if (at >= harm->image.size)
			continue;
		harm->image.bytes[at] ^= (uint8_t)(1U << bit);
		tell(harm, "flip", at, bit);
	}
}

static void
zero_pages(struct harm *harm)
{
	size_t pages = draw(harm, 8) == 0 ? 1 + draw(harm, 64) : 1, at;
	size_t len = draw_page(harm, draw_unit(harm), &at);

	len *= pages;
	if (len > harm->image.size - at)
		len = harm->image.size - at;
	memset(harm->image.bytes + at, 0, len);
	tell(harm, "zero", at, len);
}

static void
scribble(struct harm *harm)
{
	size_t at, len = draw_page(harm, draw_unit(harm), &at);

	for (size_t i = 0; i < len; i++)
		harm->image.bytes[at + i] = (uint8_t)draw(harm, 256);
	tell(harm, "scribble", at, len);
}

static void
swap_pages(struct harm *harm)
{
	size_t unit = draw_unit(harm), a, b;
	size_t len = draw_page(harm, unit, &a), other;
	uint8_t kept[PAGE];

	other = draw_page(harm, unit, &b);
	if (other < len)
		len = other;
	memcpy(kept, harm->image.bytes + a, len);
	memmove(harm->image.bytes + a, harm->image.bytes + b, len);
	memcpy(harm->image.bytes + b, kept, len);
	tell(harm, "swap", a, b);
}

/* A write that went to the wrong place. */
static void
copy_page(struct harm *harm)
{
	size_t unit = draw_unit(harm), from, to;
	size_t len = draw_page(harm, unit, &from);
	size_t other = draw_page(harm, unit, &to);

	memmove(harm->image.bytes + to, harm->image.bytes + from,
	    other < len ? other : len);
	tell(harm, "copy", from, to);
}

static void
cut(struct harm *harm)
{
	size_t at = draw_place(harm);

	if (draw(harm, 2) == 0)
		at = at / PAGE * PAGE;
	harm->image.size = at;
	tell(harm, "cut", at, 0);
}

static void
extend(struct harm *harm)
{
	size_t was = harm->image.size, more = 1 + draw(harm, ROOM);
	uint32_t kind = draw(harm, 3);

	if (more > harm->room - was)
		more = harm->room - was;
	for (size_t i = 0; i < more; i++) {
		uint8_t byte = 0;

		if (kind == 1)
			byte = (uint8_t)draw(harm, 256);
		else if (kind == 2 && was > PAGE)
			byte = harm->image.bytes[was - PAGE + i % PAGE];
		harm->image.bytes[was + i] = byte;
	}
	harm->image.size += more;
	tell(harm, "extend", more, kind);
}

/* A meaningful number: it makes loops and leads to wrong places. */
static uint32_t
draw_number(struct harm *harm)
{
	static const uint32_t NUMBERS[] = {0, 1, 4, LAYOUT_DATA, LAYOUT_FREE,
	    INT32_MAX, UINT32_MAX, UINT32_MAX - 3, LAYOUT_RECOVERY_MAGIC,
	    LAYOUT_ENTRY_MAGIC, ~LAYOUT_ENTRY_MAGIC};
	uint32_t kind = draw(harm, COUNT_OF(NUMBERS) + 8);

	if (kind < COUNT_OF(NUMBERS))
		return NUMBERS[kind];
	kind -= (uint32_t)COUNT_OF(NUMBERS);
	if (kind < 4)
		return (uint32_t)draw_entry(harm)->start;
	if (kind < 6)
		return layout_number(&harm->image, LAYOUT_FREE);
	if (kind == 6)
		return layout_number(&harm->image, LAYOUT_RECOVERY);
	return draw(harm, harm->image.size);
}

static size_t
draw_word(struct harm *harm)
{
	switch (draw(harm, 6)) {
	case 0:
		return draw(harm, LAYOUT_CHAINS);
	case 1:
		return LAYOUT_FREE;
	case 2:
		return LAYOUT_RECOVERY;
	case 3: /* a header of free space, or of the recovery area */
		return layout_number(&harm->image,
			   draw(harm, 2) == 0 ? LAYOUT_FREE : LAYOUT_RECOVERY) +
		    draw(harm, LAYOUT_HEADER + 8);
	default:
		return draw_place(harm);
	}
}

static void
overwrite_word(struct harm *harm)
{
	uint32_t number;
	size_t at;

	if (harm->layout == NULL) {
		flip_bits(harm);
		return;
	}
	number = draw_number(harm);
	at = draw_word(harm) / sizeof(number) * sizeof(number);
	if (at + sizeof(number) > harm->image.size)
		return;
	memcpy(harm->image.bytes + at, &number, sizeof(number));
	tell(harm, "word", at, number);
}

void
harm_any(struct harm *harm)
{
	static void (*const WAYS[])(struct harm *) = {flip_bits, flip_bits,
	    flip_bits, zero_pages, scribble, swap_pages, copy_page, cut, extend,
	    overwrite_word, overwrite_word};
	uint32_t times = draw(harm, 4) == 0 ? 1 + draw(harm, 3) : 1;

	while (times-- > 0)
		WAYS[draw(harm, COUNT_OF(WAYS))](harm);
}

/* A header, then old pages, each after its offset and length. */
void
harm_recovery(struct harm *harm)
{
	size_t area = layout_number(&harm->image, LAYOUT_RECOVERY);
	size_t at = area + draw(harm, LAYOUT_HEADER / 4) * 4;
	uint32_t bit = 1U << draw(harm, 32), number;

	if (draw(harm, 4) != 0)
		at = area + LAYOUT_HEADER + draw(harm, 30) * (PAGE + 8) +
		    draw(harm, 2) * 4;
	number = layout_number(&harm->image, at) ^ bit;
	if (draw(harm, 4) == 0)
		number = draw_number(harm);
	if (at + sizeof(number) > harm->image.size)
		return;
	memcpy(harm->image.bytes + at, &number, sizeof(number));
	tell(harm, "recovery", at - area, number);
}

void
harm_mix(struct harm *harm, const struct image *other)
{
	size_t unit = draw_unit(harm);
	/* From a page in 64 to all but one in 64, in all of it or the blocks.
	 */
	uint32_t share = 1 + draw(harm, 63);
	size_t start = draw(harm, 2) == 0 ? LAYOUT_DATA / unit * unit : 0;
	size_t end = other->size > harm->image.size ? other->size
						    : harm->image.size;

	if (end > harm->room)
		end = harm->room;
	if (draw(harm, 2) == 0)
		harm->image.size = end;
	for (size_t at = start; at < harm->image.size; at += unit) {
		size_t len = harm->image.size - at;

		if (draw(harm, 64) >= share || at >= other->size)
			continue;
		if (len > unit)
			len = unit;
		if (len > other->size - at)
			len = other->size - at;
		memcpy(harm->image.bytes + at, other->bytes + at, len);
	}
	tell(harm, "mix", unit, share);
}
