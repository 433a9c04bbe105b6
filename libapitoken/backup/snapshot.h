/*
 * Private copies of the database, to read or build without holding the lock. A
 * private file has no name: it vanishes when it is closed or its process ends.
 */
#ifndef APITOKEN_SNAPSHOT_H
#define APITOKEN_SNAPSHOT_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"

/*
 * Makes an empty private file in the store's directory or, if that does not
 * exist yet, in the directory for temporary files. Sets *fd, which the caller
 * closes. ERR_UNSAFE, ERR_SYSTEM.
 */
enum err snapshot_make(const struct config *config, int *fd, struct error *why);

/*
 * Copies a consistent state of the database to a private file. The lock is held
 * only to find and copy again what was written meanwhile. Sets *fd, for
 * store_open_private, which the caller closes. ERR_MISSING (there is no store),
 * ERR_BUSY, ERR_UNSAFE, ERR_SYSTEM.
 */
enum err snapshot_take(const struct config *config, int *fd, struct error *why);

/*
 * Replaces the database with the private file fresh, a whole database,
 * atomically and durably. old is the copy taken of the database that is
 * replaced: if that has changed since, nothing is done and *changed is set.
 * Errors as snapshot_take.
 */
enum err snapshot_install(const struct config *config, int fresh, int old,
    bool *changed, struct error *why);

#endif
