/*
 * Lists of paths in the config, each a word of a list (see list.h):
 * `/srv/upload,~/.ssh`. Pure.
 */
#ifndef APITOKEN_PATH_LIST_H
#define APITOKEN_PATH_LIST_H

#include <stdbool.h>

#include "base/list.h"

#define PATH_LIST_MAX 1023 /* bytes of a list */
#define PATH_LEN LIST_WORD_MAX

/*
 * Reads a list as people write it: paths separated by commas, blanks around
 * them ignored, duplicates dropped; an empty text is the empty list. Each
 * begins with `/` or, below the home directory of the session's user, with
 * `~/`, and has no component that is empty, `.` or `..`. On false, bad is the
 * invalid path, cut if it is too long; or "" if the list is too long.
 */
bool path_list_parse(
    const char *text, char list[PATH_LIST_MAX + 1], char bad[PATH_LEN + 1]);

#endif
