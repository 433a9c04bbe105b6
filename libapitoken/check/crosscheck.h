/* Checks tokens against indexes, both ways, and finds what neither leads to. */
#ifndef APITOKEN_CROSSCHECK_H
#define APITOKEN_CROSSCHECK_H

#include "base/error.h"
#include "check/inventory.h"
#include "tdb/tdb_image.h"

/*
 * Adds to the findings of a inventory: damaged tokens; indexes that name
 * missing tokens; tokens that no index names, or another user's, or more than
 * one; tokens and indexes in the file to which no chain leads; and logos, see
 * logo_check.h. ERR_NOMEM.
 */
enum err crosscheck(struct inventory *inventory, struct tdb_image *image);

#endif
