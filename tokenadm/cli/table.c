#include "cli/table.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal.h"
#include "cli/text_width.h"

struct table {
	struct libscols_table *cols;
	size_t count;
};

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
	(void)scols_table_enable_colors(
	    table->cols, terminal_get().has_colours);
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

static struct libscols_cell *
cell_of(const struct table *table, size_t line, size_t column)
{
	return scols_line_get_cell(
	    scols_table_get_line(table->cols, line), column);
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
table_rewrite(
    struct table *table, size_t column, table_rewriter *rewrite, void *arg)
{
	for (size_t i = 0; i < scols_table_get_nlines(table->cols); i++) {
		struct libscols_cell *cell = cell_of(table, i, column);
		const char *old = scols_cell_get_data(cell);
		char text[TABLE_CELL_SIZE];

		if (old == NULL)
			continue;
		rewrite(old, text, arg);
		if (scols_cell_set_data(cell, text) != 0)
			return ERR_NOMEM;
	}
	return ERR_OK;
}

/* Cuts a cell's text down to width. */
static enum err
cut_cell(struct libscols_cell *cell, size_t width)
{
	const char *text = scols_cell_get_data(cell);
	size_t keep;
	char *shorter = NULL;
	enum err rc;

	if (text == NULL || text_width(text) <= width)
		return ERR_OK;
	keep = text_fit(text, width - 1);
	if (asprintf(&shorter, "%.*s%s", (int)keep, text, text_ellipsis()) < 0)
		return ERR_NOMEM;
	rc = scols_cell_set_data(cell, shorter) == 0 ? ERR_OK : ERR_NOMEM;
	free(shorter);
	return rc;
}

/* The widest text of a column; 0 if there is none but the heading. */
static size_t
natural_width(const struct table *table, size_t column)
{
	struct libscols_column *named = scols_table_get_column(
	    table->cols, column);
	size_t widest = 0, heading;

	for (size_t i = 0; i < scols_table_get_nlines(table->cols); i++) {
		const char *text = scols_cell_get_data(
		    cell_of(table, i, column));
		size_t width = text != NULL ? text_width(text) : 0;

		widest = width > widest ? width : widest;
	}
	heading = text_width(
	    scols_cell_get_data(scols_column_get_header(named)));
	return widest == 0 || widest > heading ? widest : heading;
}

/* Applies the width that was found for a column. */
static enum err
set_width(struct table *table, size_t column, size_t width)
{
	size_t rows = scols_table_get_nlines(table->cols);
	enum err rc = ERR_OK;

	if (width == 0) {
		(void)scols_column_set_flags(
		    scols_table_get_column(table->cols, column),
		    SCOLS_FL_HIDDEN);
		return ERR_OK;
	}
	for (size_t i = 0; rc == ERR_OK && i < rows; i++)
		rc = cut_cell(cell_of(table, i, column), width);
	return rc;
}

enum err
table_fit(struct table *table, struct column_fit *fit)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < table->count; i++)
		fit[i].natural = natural_width(table, i);
	column_fit(fit, table->count, terminal_get().width);
	for (size_t i = 0; rc == ERR_OK && i < table->count; i++)
		rc = set_width(table, i, fit[i].width);
	return rc;
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
