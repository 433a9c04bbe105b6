/* What is shared by pamstack.c and pamstack_file.c only. */
#ifndef TOKENADM_PAMSTACK_IMPL_H
#define TOKENADM_PAMSTACK_IMPL_H

#include <sys/types.h>

#include "pam/pamstack.h"

/* Notes what is odd about a file, which has to stay. ERR_NOMEM. */
enum err pamstack_add_problem(struct pamstack *stack, const char *file,
    size_t number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Reads a file. *len is -1 where libpam cannot open it; a directory is empty
 * to it. ERR_NOMEM.
 */
enum err pamstack_read_file(
    struct pamstack *stack, const char *file, char **text, ssize_t *len);

/* Notes what a person does not see in an editor. ERR_NOMEM. */
enum err pamstack_judge_bytes(
    struct pamstack *stack, const char *file, const char *text, size_t len);

#endif
