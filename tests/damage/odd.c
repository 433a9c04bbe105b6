#include "odd.h"

#include <stdio.h>
#include <string.h>

#define LIVE(harm) ((harm)->layout->entries[0])
#define OTHER(harm) ((harm)->layout->entries[1])
#define HEAD_BUCKETS 36

static void
set(struct harm *harm, size_t at, uint64_t number)
{
	uint32_t word = (uint32_t)number;

	assert_true(at + sizeof(word) <= harm->image.size);
	memcpy(harm->image.bytes + at, &word, sizeof(word));
}

static size_t
area(const struct harm *harm)
{
	return layout_number(&harm->image, LAYOUT_RECOVERY);
}

static size_t
free_block(const struct harm *harm)
{
	return layout_number(&harm->image, LAYOUT_FREE);
}

static void
nothing(struct harm *harm)
{
	harm->image.size = 0;
}

static void
one_byte(struct harm *harm)
{
	harm->image.size = 1;
}

static void
head_alone(struct harm *harm)
{
	harm->image.size = LAYOUT_FREE;
}

static void
lists_alone(struct harm *harm)
{
	harm->image.size = LAYOUT_DATA;
}

static void
zeroes(struct harm *harm)
{
	memset(harm->image.bytes, 0, harm->image.size);
}

static void
ones(struct harm *harm)
{
	memset(harm->image.bytes, 0xff, harm->image.size);
}

static void
zero_lists(struct harm *harm)
{
	memset(harm->image.bytes + LAYOUT_FREE, 0, LAYOUT_DATA - LAYOUT_FREE);
}

static void
one_lists(struct harm *harm)
{
	memset(
	    harm->image.bytes + LAYOUT_FREE, 0xff, LAYOUT_DATA - LAYOUT_FREE);
}

static void
no_chains(struct harm *harm)
{
	set(harm, HEAD_BUCKETS, 0);
}

static void
one_chain(struct harm *harm)
{
	set(harm, HEAD_BUCKETS, 1);
}

static void
chains_without_end(struct harm *harm)
{
	set(harm, HEAD_BUCKETS, UINT32_MAX);
}

static void
many_chains(struct harm *harm)
{
	set(harm, HEAD_BUCKETS, INT32_MAX);
}

static void
chain_in_a_circle(struct harm *harm)
{
	set(harm, LIVE(harm).start, LIVE(harm).start);
}

static void
two_in_a_circle(struct harm *harm)
{
	set(harm, LIVE(harm).start, OTHER(harm).start);
	set(harm, OTHER(harm).start, LIVE(harm).start);
}

static void
every_chain_the_same(struct harm *harm)
{
	for (size_t at = LAYOUT_CHAINS; at < LAYOUT_DATA; at += 4)
		set(harm, at, LIVE(harm).start);
}

static void
every_chain_in_a_circle(struct harm *harm)
{
	every_chain_the_same(harm);
	chain_in_a_circle(harm);
}

/* After the last value, before the end of its block. */
static void
cut_behind_a_value(struct harm *harm)
{
	const struct layout *layout = harm->layout;
	size_t end = 0;

	for (size_t i = 0; i < layout->count; i++) {
		if (layout->entries[i].end > end)
			end = layout->entries[i].end;
	}
	harm->image.size = end;
}

/* An entry that is longer by 8 takes the next entry's length for its tail. */
static void
end_in_the_next(struct harm *harm)
{
	const struct layout *layout = harm->layout;

	for (size_t i = 0; i < layout->count; i++) {
		size_t start = layout->entries[i].start;
		size_t next = layout->entries[i].tail + 4;
		uint32_t longer = layout_number(&harm->image, start + 4) + 8;

		if (layout_number(&harm->image, next + 4) ==
		    longer + LAYOUT_HEADER)
			set(harm, start + 4, longer);
	}
}

static void
free_in_a_circle(struct harm *harm)
{
	set(harm, free_block(harm), free_block(harm));
}

static void
all_free_in_a_circle(struct harm *harm)
{
	size_t at = free_block(harm), next;

	while ((next = layout_number(&harm->image, at)) != 0)
		at = next;
	set(harm, at, free_block(harm));
}

static void
free_is_live(struct harm *harm)
{
	set(harm, LAYOUT_FREE, LIVE(harm).start);
}

static void
free_is_the_head(struct harm *harm)
{
	set(harm, LAYOUT_FREE, 4);
}

static void
free_without_end(struct harm *harm)
{
	set(harm, free_block(harm) + 4, UINT32_MAX - 64);
}

static void
undo_a_record(struct harm *harm)
{
	set(harm, LAYOUT_RECOVERY, LIVE(harm).start);
}

static void
undo_the_head(struct harm *harm)
{
	set(harm, LAYOUT_RECOVERY, 4);
}

static void
undo_the_lists(struct harm *harm)
{
	set(harm, LAYOUT_RECOVERY, LAYOUT_FREE);
}

static void
undo_what_is_not_there(struct harm *harm)
{
	set(harm, LAYOUT_RECOVERY, harm->image.size + 4096);
}

/* An active recovery record of this many bytes that begins with such a page. */
static void
write_note(struct harm *harm, uint32_t len, uint32_t page, uint32_t page_len)
{
	set(harm, area(harm) + 12, len);
	set(harm, area(harm) + 20, LAYOUT_RECOVERY_MAGIC);
	set(harm, area(harm) + LAYOUT_HEADER, page);
	set(harm, area(harm) + LAYOUT_HEADER + 4, page_len);
}

static void
undo_again(struct harm *harm)
{
	set(harm, area(harm) + 20, LAYOUT_RECOVERY_MAGIC);
}

static void
undo_from_a_record(struct harm *harm)
{
	undo_a_record(harm);
	undo_again(harm);
}

static void
undo_more_than_there_is(struct harm *harm)
{
	write_note(harm, 64, 0, 65536);
}

static void
undo_very_much(struct harm *harm)
{
	write_note(harm, UINT32_MAX, 0, UINT32_MAX);
}

static void
undo_less_than_a_page(struct harm *harm)
{
	write_note(harm, 1, 0, 4096);
}

static void
undo_beyond_the_end(struct harm *harm)
{
	write_note(harm, 4108, UINT32_MAX - 4095, 4096);
}

static void
undo_nothing_for_ever(struct harm *harm)
{
	write_note(harm, 65536, 0, UINT32_MAX - 7);
}

static const struct odd {
	const char *name;
	void (*make)(struct harm *harm);
	bool lies;
} ODD[ODD_COUNT] = {
    {"an empty file", nothing, false},
    {"a byte", one_byte, false},
    {"a head", head_alone, false},
    {"a head and lists", lists_alone, false},
    {"zeroes", zeroes, false},
    {"ones", ones, false},
    {"lists of zeroes", zero_lists, false},
    {"lists of ones", one_lists, false},
    {"no chains", no_chains, false},
    {"one chain", one_chain, false},
    {"chains beyond the end", many_chains, false},
    {"chains without end", chains_without_end, false},
    {"a chain in a circle", chain_in_a_circle, false},
    {"two entries in a circle", two_in_a_circle, false},
    {"every chain the same", every_chain_the_same, false},
    {"every chain in a circle", every_chain_in_a_circle, false},
    {"a file that ends behind a value", cut_behind_a_value, false},
    {"an entry that ends in the next", end_in_the_next, false},
    {"a free block in a circle", free_in_a_circle, false},
    {"all free blocks in a circle", all_free_in_a_circle, false},
    {"a record that is free", free_is_live, false},
    {"a head that is free", free_is_the_head, false},
    {"a free block without end", free_without_end, false},
    {"a recovery area upon a record", undo_a_record, false},
    {"a recovery area upon the head", undo_the_head, false},
    {"a recovery area upon the lists", undo_the_lists, false},
    {"a recovery area beyond the end", undo_what_is_not_there, false},
    {"an undo that was done", undo_again, false},
    {"an undo elsewhere", undo_from_a_record, true},
    {"an undo of more than there is", undo_more_than_there_is, true},
    {"an undo of 4 GiB", undo_very_much, true},
    {"an undo of a byte", undo_less_than_a_page, true},
    {"an undo beyond the end", undo_beyond_the_end, true},
    {"an undo that goes backwards", undo_nothing_for_ever, true},
};

bool
odd_do(struct harm *harm, unsigned n)
{
	ODD[n].make(harm);
	(void)snprintf(harm->told, sizeof(harm->told), "%s", ODD[n].name);
	return ODD[n].lies;
}
