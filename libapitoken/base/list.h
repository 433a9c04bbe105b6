/*
 * Short lists of words in one string, separated by commas and nothing else:
 * `sshd,vsftpd`. The services and scopes of a token are kept so. Pure.
 */
#ifndef APITOKEN_LIST_H
#define APITOKEN_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define LIST_WORD_MAX 255 /* longest word, in bytes */

/*
 * Takes the next word of a list: copies it to word and moves *rest behind it.
 * False at the end. A word that is longer than LIST_WORD_MAX is cut there.
 */
bool list_next(const char **rest, char word[LIST_WORD_MAX + 1]);

/* Whether word is one of the list. */
bool list_has(const char *list, const char *word);

/* Whether all of these words, which are a list themselves, are. */
bool list_has_all(const char *list, const char *words);

/*
 * Reads a list as a person writes it: words separated by a comma, blanks
 * around them ignored, each of them to pass is_valid; a repeated word counts
 * once. The result gets at most size bytes with its NUL.
 * False for an empty list, an empty or bad word (bad, of LIST_WORD_MAX + 1
 * bytes, then holds it), or a result that is too long (bad is "").
 */
bool list_parse(const char *text, bool (*is_valid)(const char *word),
    char *list, size_t size, char bad[LIST_WORD_MAX + 1]);

#endif
