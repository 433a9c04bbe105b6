/*
 * Lists of paths as the config has them: `/srv/upload,~/.ssh`, separated by
 * commas and nothing else. Pure.
 */
#ifndef APITOKEN_PATH_LIST_H
#define APITOKEN_PATH_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define PATH_LIST_MAX 1023 /* bytes of a list */
#define PATH_LEN 255       /* bytes of a path in it */

/*
 * Takes the next path of a list: copies it to path and moves *rest behind it.
 * False at the end.
 */
bool path_list_next(const char **rest, char path[PATH_LEN + 1]);

/* Whether a list has this path. */
bool path_list_have(const char *list, const char *path);

/*
 * Reads a list as a person writes it: paths separated by a comma, blanks
 * around them ignored; an empty text is the empty list. Each path begins with
 * `/` or, below the home directory of whose session it is, with `~/`, and has
 * no component that is empty, `.` or `..`.
 * False, and then bad is the path that is none, cut if it is too long; or ""
 * if the list is too long.
 */
bool path_list_parse(
    const char *text, char list[PATH_LIST_MAX + 1], char bad[PATH_LEN + 1]);

#endif
