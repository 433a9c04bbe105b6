/* Writes whole files durably: what was there before, or all of the new. */
#ifndef APITOKEN_WRITE_FILE_H
#define APITOKEN_WRITE_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Makes a file of this mode, where none may be. It is written as path.new, of
 * which there is one writer at a time: another waits for ten seconds, or
 * removes it if it is a killed writer's. ERR_EXISTS, ERR_BUSY, ERR_INVALID (too
 * long), ERR_SYSTEM.
 */
enum err write_file_new(const char *path, const void *bytes, size_t len,
    mode_t mode, struct error *why);

/* The same in place of an old one, if there is one. */
enum err write_file_over(const char *path, const void *bytes, size_t len,
    mode_t mode, struct error *why);

#endif
