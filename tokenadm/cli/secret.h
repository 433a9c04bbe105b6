/* Reads a token from standard input. */
#ifndef TOKENADM_SECRET_H
#define TOKENADM_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Asks for a line of less than size bytes on standard error, and reads it from
 * standard input, unbuffered, without echo on a terminal if it is hidden;
 * truncates a longer one. The caller wipes it. False at the end of input, or if
 * it was interrupted.
 */
bool secret_ask(const char *question, bool is_hidden, char *text, size_t size);

/*
 * Reads one line of less than size bytes, unbuffered, so that no copy remains;
 * truncates a longer one. On a terminal, prompts without echo. The caller wipes
 * it. ERR_INVALID, ERR_SYSTEM.
 */
enum err secret_read(char text[], size_t size, struct error *why);

#endif
