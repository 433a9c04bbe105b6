/*
 * Whether a database can grow. When the file grows, libtdb merges the new space
 * with the block before it, if that is free, and then looks for it in the list
 * of free space. If the block is not listed, as after a crash between two
 * writes without a transaction, libtdb grows the file again, until it has 4 GiB
 * or the disk is full.
 */
#ifndef APITOKEN_TDB_TAIL_H
#define APITOKEN_TDB_TAIL_H

#include "base/error.h"

/*
 * Checks the database at path, under its lock. ERR_DAMAGED: store nothing in
 * it. ERR_MISSING, ERR_UNSAFE, ERR_NOMEM, ERR_SYSTEM.
 */
enum err tail_check(const char *path, struct error *why);

#endif
