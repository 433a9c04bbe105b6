/* Operations on small directories as a whole. An error ends the program. */
#ifndef APITOKEN_TREE_H
#define APITOKEN_TREE_H

#include <stddef.h>

/* Makes to a copy of the directory from; to may exist. */
void tree_copy(const char *from, const char *to);

/* Removes a directory and everything in it, if it exists. */
void tree_remove(const char *path);

/* How many files there are in it, at any depth, but for those that may stay. */
size_t tree_count(const char *path);

#endif
