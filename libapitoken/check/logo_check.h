/* Checks logos against the records of their tokens, both ways. */
#ifndef APITOKEN_LOGO_CHECK_H
#define APITOKEN_LOGO_CHECK_H

#include "check/inventory.h"

/*
 * Adds to the findings of an inventory: sound tokens whose logo is missing or
 * damaged, and logos that no record names. Of a token that is damaged itself,
 * no more is said.
 */
void logo_check(struct inventory *inventory);

#endif
