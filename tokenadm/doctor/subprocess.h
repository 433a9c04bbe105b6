/* Asking another program something, without trusting it to end. */
#ifndef TOKENADM_SUBPROCESS_H
#define TOKENADM_SUBPROCESS_H

#include <stddef.h>

#include "base/error.h"

/*
 * Runs a program with an environment of no more than a PATH, for ten seconds
 * at most, and keeps the beginning of what it says on both outputs, with a
 * NUL. argv ends with NULL; argv[0] is its path. *status is its exit status.
 * ERR_SYSTEM: it cannot be run, or did not end by itself.
 */
enum err subprocess_run(const char *const argv[], char *said, size_t size,
    int *status, struct error *why);

#endif
