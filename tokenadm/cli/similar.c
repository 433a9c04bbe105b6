#include "cli/similar.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PREFIX_MIN 3 /* letters that are taken for a word's beginning */

void
similar_begin(struct similar *similar, const char *given)
{
	*similar = (struct similar){.given = given};
}

static bool
is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Sets row to the distances between the first i letters of a and each beginning
 * of b; before is that row for i - 1 letters, earlier for i - 2.
 */
static void
fill_row(size_t *row, const size_t *before, const size_t *earlier,
    const char *a, size_t i, const char *b)
{
	row[0] = i;
	for (size_t j = 1; b[j - 1] != '\0'; j++) {
		bool same = is_same(a[i - 1], b[j - 1]);

		row[j] = least(before[j], row[j - 1]) + 1;
		row[j] = least(row[j], before[j - 1] + !same);
		if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
		    is_same(a[i - 2], b[j - 1]))
			row[j] = least(row[j], earlier[j - 2] + 1);
	}
}

/*
 * How many letters have to be changed, added, removed or swapped with their
 * neighbour: the optimal string alignment distance. Words of at most
 * SIMILAR_WORD_MAX.
 */
static size_t
distance_of(const char *a, const char *b)
{
	size_t rows[3][SIMILAR_WORD_MAX + 1] = {{0}};
	size_t len = strlen(a);

	for (size_t j = 0; j <= strlen(b); j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= len; i++)
		fill_row(
		    rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], a, i, b);
	return rows[len % 3][strlen(b)];
}

void
similar_offer(struct similar *similar, const char *known)
{
	size_t len = strlen(similar->given), distance;
	bool begins = len >= PREFIX_MIN &&
	    strncasecmp(similar->given, known, len) == 0;

	if (len > SIMILAR_WORD_MAX || strlen(known) > SIMILAR_WORD_MAX)
		return;
	distance = distance_of(similar->given, known);
	if (!begins && distance * 3 > len)
		return;
	if (similar->best[0] != '\0' &&
	    (distance > similar->distance ||
		(distance == similar->distance &&
		    strcmp(known, similar->best) >= 0)))
		return;
	strcpy(similar->best, known);
	similar->distance = distance;
}

void
similar_hint(const struct similar *similar, char hint[SIMILAR_HINT_SIZE])
{
	hint[0] = '\0';
	if (similar->best[0] != '\0')
		(void)snprintf(hint, SIMILAR_HINT_SIZE, "; did you mean %s?",
		    similar->best);
}
