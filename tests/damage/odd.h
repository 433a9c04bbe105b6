/*
 * Damage that chance hardly ever does: loops, lengths and offsets beyond all
 * bounds, notes of what is to be undone that lie, files that are no database.
 */
#ifndef APITOKEN_DAMAGE_ODD_H
#define APITOKEN_DAMAGE_ODD_H

#include "harm.h"

#define ODD_COUNT 34

/*
 * Does the nth of them to an image of a database. Returns whether there is a
 * note now from which nothing can be undone, nor may be.
 */
bool odd_do(struct harm *harm, unsigned n);

#endif
