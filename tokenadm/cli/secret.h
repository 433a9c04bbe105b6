/* A token that is given on standard input. */
#ifndef TOKENADM_SECRET_H
#define TOKENADM_SECRET_H

#include <stddef.h>

#include "base/error.h"

/*
 * Reads one line of less than size bytes, unbuffered, so that no copy of it
 * stays behind; what is longer is cut. On a terminal it is asked for, and not
 * shown. The caller wipes it. ERR_INVALID, ERR_SYSTEM.
 */
enum err secret_read(char text[], size_t size, struct error *why);

#endif
