/* How wide a table's columns are on a terminal that is narrower than they. */
#ifndef TOKENADM_COLUMN_FIT_H
#define TOKENADM_COLUMN_FIT_H

#include <stddef.h>

struct column_fit {
	size_t natural;  /* the width of its longest text */
	size_t least;    /* its texts are not cut below this; 0: never cut */
	unsigned weight; /* the lightest column is dropped first */
	size_t width;    /* the result; 0: it is not shown */
};

/*
 * Sets each column's width, so that all of them, with one blank between two,
 * are at most room wide. As few columns as possible are dropped, and the widest
 * are cut. Empty ones (natural is 0) are not shown. The heaviest column stays,
 * even if it does not fit.
 */
void column_fit(struct column_fit *columns, size_t count, size_t room);

#endif
