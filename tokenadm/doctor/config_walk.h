/* Reading the configuration of another program, with the files it includes. */
#ifndef TOKENADM_CONFIG_WALK_H
#define TOKENADM_CONFIG_WALK_H

#include <stddef.h>

/* Takes a line, which it may change, and where it stands. */
typedef void config_walk_visitor(
    char *line, const char *file, size_t number, void *arg);

/*
 * Visits the lines of a file in the order in which the program reads them,
 * those of what it includes by `include PATTERN...` (in capitals or not) in
 * place of that line. Of a directory that is every file in it. What cannot be
 * read is passed over.
 */
void config_walk(const char *path, config_walk_visitor *visit, void *arg);

#endif
