/*
 * Short lists of words in one string, separated by commas and nothing else:
 * `sshd,vsftpd`. A token's services and scopes are stored this way. Pure.
 */
#ifndef APITOKEN_LIST_H
#define APITOKEN_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define LIST_WORD_MAX 255 /* longest word, in bytes */

/*
 * Takes the next word of a list: copies it to word and moves *rest past it.
 * False at the end. A word that is longer than LIST_WORD_MAX is cut there.
 */
bool list_next(const char **rest, char word[LIST_WORD_MAX + 1]);

/* Whether word is in the list. */
bool list_has(const char *list, const char *word);

/* Whether all words of the second list are in the first. */
bool list_has_all(const char *list, const char *words);

/*
 * Reads a list as people write it: words separated by commas, blanks around
 * them ignored, each accepted by is_valid, duplicates dropped. The result takes
 * at most size bytes, with its NUL.
 * False for an empty list, an empty or bad word (bad, of LIST_WORD_MAX + 1
 * bytes, then holds it), or a result that is too long (bad is "").
 */
bool list_parse(const char *text, bool (*is_valid)(const char *word),
    char *list, size_t size, char bad[LIST_WORD_MAX + 1]);

#endif
