/* Lists of other programs with a name on each line, such as /etc/ftpusers. */
#ifndef TOKENADM_LINE_LIST_H
#define TOKENADM_LINE_LIST_H

#include <stdbool.h>

/*
 * Whether a line, up to the first of these characters, is this word. A file
 * that cannot be read has none.
 */
bool line_list_has(const char *path, const char *word, const char *ends);

#endif
