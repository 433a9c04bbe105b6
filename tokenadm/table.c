#include "table.h"

#include <libsmartcols.h>
#include <stdlib.h>

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
table_add(struct table *table, const char *const *cells)
{
	struct libscols_line *line = scols_table_new_line(table->cols, NULL);

	if (line == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < table->count; i++) {
		if (scols_line_set_data(line, i, cells[i]) != 0)
			return ERR_NOMEM;
	}
	return ERR_OK;
}

enum err
table_print(struct table *table)
{
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
