#include "cli/column_fit.h"

#include <stdint.h>

/* The narrowest that a column may become. */
static size_t
least_of(const struct column_fit *column)
{
	return column->least == 0 || column->least > column->natural
	    ? column->natural
	    : column->least;
}

/* With one blank before each column but the first. */
static size_t
total(const struct column_fit *columns, size_t count)
{
	size_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (columns[i].width > 0)
			sum += columns[i].width + (sum > 0);
	}
	return sum;
}

/* The lightest of the columns that are shown; count if there is one only. */
static size_t
find_lightest(const struct column_fit *columns, size_t count)
{
	size_t found = count, shown = 0;

	for (size_t i = 0; i < count; i++) {
		if (columns[i].width == 0)
			continue;
		shown++;
		if (found == count || columns[i].weight < columns[found].weight)
			found = i;
	}
	return shown > 1 ? found : count;
}

/* Gives one more to the narrowest of the columns that are cut. */
static void
widen(struct column_fit *columns, size_t count)
{
	struct column_fit *found = NULL;

	for (size_t i = 0; i < count; i++) {
		struct column_fit *column = &columns[i];

		if (column->width > 0 && column->width < column->natural &&
		    (found == NULL || column->width < found->width))
			found = column;
	}
	if (found != NULL)
		found->width++;
}

void
column_fit(struct column_fit *columns, size_t count, size_t room)
{
	size_t used, before = SIZE_MAX;

	for (size_t i = 0; i < count; i++)
		columns[i].width = least_of(&columns[i]);
	used = total(columns, count);
	while (used > room && used != before) {
		size_t lightest = find_lightest(columns, count);

		before = used;
		if (lightest < count)
			columns[lightest].width = 0;
		used = total(columns, count);
	}
	before = 0;
	while (used < room && used != before) {
		before = used;
		widen(columns, count);
		used = total(columns, count);
	}
}
