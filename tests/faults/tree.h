/*
 * Small directories, as a whole. What goes wrong ends the program.
 */
#ifndef APITOKEN_TREE_H
#define APITOKEN_TREE_H

#include <stddef.h>

/* Makes to a copy of the directory from; it may exist. */
void tree_copy(const char *from, const char *to);

/* Removes a directory and all in it, if it is there. */
void tree_remove(const char *path);

/* How many files there are in it, at any depth. */
size_t tree_count(const char *path);

#endif
