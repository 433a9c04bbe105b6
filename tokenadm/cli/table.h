/* Tables for people. The only file that knows libsmartcols. */
#ifndef TOKENADM_TABLE_H
#define TOKENADM_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "cli/column_fit.h"

struct table;

/*
 * Creates a table with these columns, with or without a heading. NULL without
 * memory. Ends with table_print or table_free.
 */
struct table *table_new(
    const char *const *columns, size_t count, bool headings);

/* How a row looks on a terminal with colours. */
enum table_look {
	TABLE_PLAIN,
	TABLE_DEAD, /* can no longer log in */
};

/* Adds a row with one cell for each column. ERR_NOMEM. */
enum err table_add(
    struct table *table, const char *const *cells, enum table_look look);

/* Sorts the rows by a column, numbers by value. */
void table_sort(struct table *table, size_t column);

/* The new text of a cell that had this one. */
#define TABLE_CELL_SIZE 64
typedef void table_rewriter(
    const char *old, char text[TABLE_CELL_SIZE], void *arg);

/* Rewrites the texts of a column. ERR_NOMEM. */
enum err table_rewrite(
    struct table *table, size_t column, table_rewriter *rewrite, void *arg);

/*
 * Makes the table, which has headings, as narrow as the terminal on standard
 * output: drops columns, and cuts texts. fit has an entry for each column,
 * with its weight and least; the rest is filled in. A column without any text
 * is dropped. ERR_NOMEM.
 */
enum err table_fit(struct table *table, struct column_fit *fit);

/* Prints it to stream. ERR_SYSTEM. */
enum err table_print(struct table *table, FILE *stream);

void table_free(struct table *table);

#endif
