/* Private to pamstack.c and pamstack_file.c. */
#ifndef TOKENADM_PAMSTACK_IMPL_H
#define TOKENADM_PAMSTACK_IMPL_H

#include <sys/types.h>

#include "pam/pamstack.h"

/* Adds a problem with a file; the file's name is not copied. ERR_NOMEM. */
enum err pamstack_add_problem(struct pamstack *stack, const char *file,
    size_t number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Reads a file. *len is -1 if libpam cannot open it; a directory reads as
 * empty, as in libpam. ERR_NOMEM.
 */
enum err pamstack_read_file(
    struct pamstack *stack, const char *file, char **text, ssize_t *len);

/* Reports bytes that are invisible in an editor. ERR_NOMEM. */
enum err pamstack_judge_bytes(
    struct pamstack *stack, const char *file, const char *text, size_t len);

#endif
