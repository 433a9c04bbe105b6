/* Whether all that stands in a store of what is issued (fleet_issued.h) fits.
 */
#ifndef APITOKEN_FLEET_ISSUED_CHECK_H
#define APITOKEN_FLEET_ISSUED_CHECK_H

#include "fleet/fleet_issued.h"

/*
 * Compares the tokens, what is published of them, its head and the steps on the
 * way. An open store of that, for STORE_SCAN. ERR_DAMAGED, with the first that
 * does not fit and what to do; ERR_NEWER, ERR_NOMEM, ERR_SYSTEM.
 */
enum err fleet_issued_check(struct store *store, struct error *why);

#endif
