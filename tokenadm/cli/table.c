#include "cli/table.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct table {
	struct libscols_table *cols;
	size_t count;
};

/* no-color.org: set and not empty. */
static bool
wants_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0');
}

struct table *
table_new(const char *const *columns, size_t count, bool headings)
{
	struct table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return NULL;
	table->cols = scols_new_table();
	if (table->cols == NULL)
		goto fail;
	table->count = count;
	(void)scols_table_enable_noheadings(table->cols, !headings);
	(void)scols_table_enable_colors(table->cols, wants_colours());
	for (size_t i = 0; i < count; i++) {
		if (scols_table_new_column(table->cols, columns[i], 0, 0) ==
		    NULL)
			goto fail;
	}
	return table;
fail:
	table_free(table);
	return NULL;
}

enum err
table_add(struct table *table, const char *const *cells, enum table_look look)
{
	struct libscols_line *line = scols_table_new_line(table->cols, NULL);

	if (line == NULL)
		return ERR_NOMEM;
	if (look == TABLE_DEAD && scols_line_set_color(line, "darkgray") != 0)
		return ERR_NOMEM;
	for (size_t i = 0; i < table->count; i++) {
		if (scols_line_set_data(line, i, cells[i]) != 0)
			return ERR_NOMEM;
	}
	return ERR_OK;
}

static bool
is_number(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static int
compare_cells(struct libscols_cell *a, struct libscols_cell *b, void *arg)
{
	const char *x = scols_cell_get_data(a), *y = scols_cell_get_data(b);

	(void)arg;
	if (x == NULL || y == NULL)
		return (x != NULL) - (y != NULL);
	/* Without leading zeroes the longer number is larger. */
	if (is_number(x) && is_number(y) && strlen(x) != strlen(y))
		return strlen(x) < strlen(y) ? -1 : 1;
	return strcmp(x, y);
}

void
table_sort(struct table *table, size_t column)
{
	struct libscols_column *by = scols_table_get_column(
	    table->cols, column);

	(void)scols_column_set_cmpfunc(by, compare_cells, NULL);
	(void)scols_sort_table(table->cols, by);
}

enum err
table_print(struct table *table, FILE *stream)
{
	(void)scols_table_set_stream(table->cols, stream);
	return scols_print_table(table->cols) == 0 ? ERR_OK : ERR_SYSTEM;
}

void
table_free(struct table *table)
{
	if (table == NULL)
		return;
	scols_unref_table(table->cols);
	free(table);
}
