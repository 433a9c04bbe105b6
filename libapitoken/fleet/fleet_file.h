/*
 * The engine `file`: a directory in which ISSUER.fleet of each issuer stands, a
 * snapshot (fleet_snapshot.h), or one such file. Whatever copies files copies a
 * fleet.
 */
#ifndef APITOKEN_FLEET_FILE_H
#define APITOKEN_FLEET_FILE_H

#include "fleet/fleet_engine.h"

#define FLEET_SOURCE_SUFFIX ".fleet" /* of the files' names */

extern const struct fleet_engine fleet_file;

/*
 * Waits for the lock of whoever writes this file, which is FILE.lock, until the
 * deadline (deadline.h); closing *fd, which is -1 without it, ends that.
 * ERR_BUSY, ERR_SYSTEM, ERR_INVALID.
 */
enum err fleet_file_lock(
    const char *file, int64_t deadline, int *fd, struct error *why);

/*
 * Writes an issuer's snapshot to a file, in place of an old one: all of it and
 * synced, or nothing. ERR_NOMEM; or as write_file_over.
 */
enum err fleet_file_write(const char *path, const char *head,
    const struct fleet_item *items, size_t count, struct error *why);

#endif
