/*
 * Tokens against indexes, both ways, and what neither of them knows.
 */
#ifndef APITOKEN_CROSSCHECK_H
#define APITOKEN_CROSSCHECK_H

#include "base/error.h"
#include "check/inventory.h"
#include "tdb/tdb_image.h"

/*
 * Enters into the findings of a census that was taken: damaged tokens, indexes
 * that name what is not there, tokens that none names, or another user's, or
 * more than one; and tokens and indexes that lie in the file where no chain
 * leads. ERR_NOMEM.
 */
enum err crosscheck(struct inventory *census, struct tdb_image *raw);

#endif
