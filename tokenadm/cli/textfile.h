/* Opens an administrator's text file. */
#ifndef TOKENADM_TEXTFILE_H
#define TOKENADM_TEXTFILE_H

#include <stdio.h>

/*
 * Opens a regular file for reading; NULL for anything else, without blocking.
 * The caller closes it.
 */
FILE *textfile_open(const char *path);

#endif
