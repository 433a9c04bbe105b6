/* Reading a text that an administrator has written, wherever it may lie. */
#ifndef TOKENADM_TEXTFILE_H
#define TOKENADM_TEXTFILE_H

#include <stdio.h>

/*
 * Opens a regular file for reading; NULL for whatever else has that name, which
 * is not waited for. The caller closes it.
 */
FILE *textfile_open(const char *path);

#endif
