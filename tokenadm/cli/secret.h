/* Reads a token from standard input. */
#ifndef TOKENADM_SECRET_H
#define TOKENADM_SECRET_H

#include <stddef.h>

#include "base/error.h"

/*
 * Reads one line of less than size bytes, unbuffered, so that no copy remains;
 * truncates a longer one. On a terminal, prompts without echo. The caller wipes
 * it. ERR_INVALID, ERR_SYSTEM.
 */
enum err secret_read(char text[], size_t size, struct error *why);

#endif
