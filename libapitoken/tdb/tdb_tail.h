/*
 * Whether a database can grow. libtdb adds the space by which a file grows to
 * the block before it, if that one is free, and looks for it in the list of
 * free space then. If that list does not have the block, as when a process was
 * killed or power was lost between two writes without a transaction, it lets
 * the file grow again, until that has 4 GiB or the disk is full.
 */
#ifndef APITOKEN_TDB_TAIL_H
#define APITOKEN_TDB_TAIL_H

#include "base/error.h"

/*
 * Checks the database at path, under its lock. ERR_DAMAGED: nothing must be
 * stored in it. ERR_MISSING, ERR_UNSAFE, ERR_NOMEM, ERR_SYSTEM.
 */
enum err tail_check(const char *path, struct error *why);

#endif
