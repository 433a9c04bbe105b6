/*
 * The entries of a database in the order in which they lie in the file. To
 * libtdb they are chains, each of which leads all over it: that is slow, or
 * takes as much memory as the file has bytes. Its caller holds the store's
 * lock, and no writer has been interrupted.
 */
#ifndef APITOKEN_TDB_SCAN_H
#define APITOKEN_TDB_SCAN_H

#include <stdbool.h>

#include "tdb/db.h"

/*
 * Gives every entry of the file at path to the reader, and says in *exact
 * whether these were what db_each would have given: in a whole file, one block
 * follows another up to its end, and to each entry leads one link. If not, they
 * may be too many or too few.
 * ERR_MISSING, ERR_UNSAFE, ERR_NOMEM, ERR_SYSTEM, or what the reader returned.
 */
enum err scan_each(const char *path, db_reader *reader, void *arg, bool *exact,
    struct error *why);

#endif
