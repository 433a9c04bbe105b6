/* Reading the configuration of another program, with the files it includes. */
#ifndef TOKENADM_CONFIG_WALK_H
#define TOKENADM_CONFIG_WALK_H

#include <stddef.h>

/* Gets a line, which it may modify, and its position. */
typedef void config_walk_visitor(
    char *line, const char *file, size_t number, void *arg);

/*
 * Visits the lines of a file in the order in which the program reads them. An
 * `include PATTERN...` (in any case) is replaced by the lines of the files it
 * names; if it names a directory, by those of every file in it. Unreadable
 * files are skipped.
 */
void config_walk(const char *path, config_walk_visitor *visit, void *arg);

#endif
