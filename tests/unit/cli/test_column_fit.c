/* The widths of a table's columns on a narrow terminal. */
#include "cli/column_fit.h"

#include <string.h>

#include "lib/unit.h"

#define COLUMNS 4

/* An id that is never cut, a name, a list, and what is dropped first. */
static const struct column_fit TABLE[COLUMNS] = {
    {.natural = 10, .weight = 9},
    {.natural = 20, .weight = 8, .least = 12},
    {.natural = 30, .weight = 4, .least = 11},
    {.natural = 8, .weight = 1},
};

static const struct {
	size_t room;
	size_t widths[COLUMNS];
} CASES[] = {
    {1000, {10, 20, 30, 8}},
    {71, {10, 20, 30, 8}},
    {70, {10, 20, 29, 8}}, /* the widest is cut first */
    {61, {10, 20, 20, 8}},
    {60, {10, 20, 19, 8}}, /* then both */
    {59, {10, 19, 19, 8}},
    {44, {10, 12, 11, 8}},
    {43, {10, 16, 15, 0}}, /* the lightest is dropped */
    {35, {10, 12, 11, 0}},
    {34, {10, 20, 0, 0}},
    {23, {10, 12, 0, 0}},
    {22, {10, 0, 0, 0}},
    {9, {10, 0, 0, 0}}, /* the heaviest stays */
    {0, {10, 0, 0, 0}},
};

static void
test_gives_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct column_fit columns[COLUMNS];

		memcpy(columns, TABLE, sizeof(columns));
		column_fit(columns, COLUMNS, CASES[i].room);
		for (size_t j = 0; j < COLUMNS; j++)
			assert_int_equal(columns[j].width, CASES[i].widths[j]);
	}
}

static void
test_empty_columns_take_no_room(void **state)
{
	struct column_fit columns[] = {
	    {.natural = 5, .weight = 2},
	    {.natural = 0, .weight = 9},
	    {.natural = 4, .weight = 1},
	};

	(void)state;
	column_fit(columns, 3, 10);
	assert_int_equal(columns[0].width, 5);
	assert_int_equal(columns[1].width, 0);
	assert_int_equal(columns[2].width, 4);
	column_fit(columns, 0, 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_gives_way),
	    cmocka_unit_test(test_empty_columns_take_no_room),
	};

	return unit_run(tests);
}
