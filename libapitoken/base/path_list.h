/*
 * Lists of paths as the config has them, each a word of a list (see list.h):
 * `/srv/upload,~/.ssh`. Pure.
 */
#ifndef APITOKEN_PATH_LIST_H
#define APITOKEN_PATH_LIST_H

#include <stdbool.h>

#include "base/list.h"

#define PATH_LIST_MAX 1023 /* bytes of a list */
#define PATH_LEN LIST_WORD_MAX

/*
 * Reads a list as a person writes it: paths separated by a comma, blanks
 * around them ignored; an empty text is the empty list, and a repeated path
 * counts once. Each begins with `/` or, below the home directory of whose
 * session it is, with `~/`, and has no component that is empty, `.` or `..`.
 * False, and then bad is the path that is none, cut if it is too long; or ""
 * if the list is too long.
 */
bool path_list_parse(
    const char *text, char list[PATH_LIST_MAX + 1], char bad[PATH_LEN + 1]);

#endif
