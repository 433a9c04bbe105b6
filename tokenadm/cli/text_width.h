/* How wide a text is on a terminal, and how much of it fits. */
#ifndef TOKENADM_TEXT_WIDTH_H
#define TOKENADM_TEXT_WIDTH_H

#include <stddef.h>

/* The columns that a text takes, of which \xNN of a byte that is escaped. */
size_t text_width(const char *text);

/* The length in bytes of the longest beginning that is at most width wide. */
size_t text_fit(const char *text, size_t width);

/* What stands for the end that was cut off: one column, some bytes. */
const char *text_ellipsis(void);

#endif
