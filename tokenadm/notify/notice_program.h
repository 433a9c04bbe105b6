/* Runs the program that gets a notice, without trusting it to end. */
#ifndef TOKENADM_NOTICE_PROGRAM_H
#define TOKENADM_NOTICE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define NOTICE_PATIENCE 10000 /* milliseconds that a program has */
#define NOTICE_WORDS_MAX 16   /* a path and arguments */

/*
 * Splits a command of the config at its blanks. words gets NULL after the last;
 * they lie in text, which is changed. ERR_CONFIG: more than there is room for.
 */
enum err notice_split(
    char *text, const char *words[NOTICE_WORDS_MAX + 1], struct error *why);

/*
 * Whether the program at path is root's, and nobody else can write it or
 * replace it: each directory on the way as well. ERR_MISSING, ERR_UNSAFE,
 * ERR_SYSTEM.
 */
enum err notice_check_program(const char *path, struct error *why);

/*
 * Runs argv, which ends with NULL, with len bytes on its standard input, PATH
 * alone in its environment, in the directory /. After NOTICE_PATIENCE its
 * process group is killed, and *has_hung set. ERR_SYSTEM: it could not be run,
 * failed, or was killed; why has the first line of what it said.
 */
enum err notice_run_program(const char *const argv[], const char *input,
    size_t len, bool *has_hung, struct error *why);

#endif
