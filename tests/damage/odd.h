/*
 * Damage that rarely happens by chance: loops, lengths and offsets out of
 * bounds, recovery records that lie, files that are no database.
 */
#ifndef APITOKEN_DAMAGE_ODD_H
#define APITOKEN_DAMAGE_ODD_H

#include "harm.h"

#define ODD_COUNT 34

/*
 * Applies the nth kind to an image of a database. Returns whether the image now
 * has a recovery record from which nothing can or may be undone.
 */
bool odd_do(struct harm *harm, unsigned n);

#endif
