/*
 * Private copies of the database, to be read or made at leisure: no lock is
 * held meanwhile. A private file has no name: when it is closed, or its
 * process ends in whatever way, nothing of it is left.
 */
#ifndef APITOKEN_SNAPSHOT_H
#define APITOKEN_SNAPSHOT_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"

/*
 * Makes an empty private file in the store's directory; or, where there is no
 * such directory yet, in that for temporary files. Sets *fd, which the caller
 * closes. ERR_UNSAFE, ERR_SYSTEM.
 */
enum err snapshot_make(const struct config *config, int *fd, struct error *why);

/*
 * Copies the database as it is at one moment to a private file. The lock is
 * held only for as long as it takes to see that nothing was written while it
 * was copied, or to copy that again. Sets *fd, which the caller closes; for
 * store_open_private. ERR_MISSING (there is no store), ERR_BUSY, ERR_UNSAFE,
 * ERR_SYSTEM.
 */
enum err snapshot_take(const struct config *config, int *fd, struct error *why);

/*
 * Puts the contents of a private file, fresh, in the place of the database, at
 * once and to last. It must be a whole database; old is the copy that was
 * taken of the one that it replaces. If that was changed since, or another is
 * there, nothing is done, and *changed tells so. Errors as snapshot_take.
 */
enum err snapshot_install(const struct config *config, int fresh, int old,
    bool *changed, struct error *why);

#endif
