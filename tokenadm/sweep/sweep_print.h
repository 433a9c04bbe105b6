/* What a sweep says of owners. */
#ifndef TOKENADM_SWEEP_PRINT_H
#define TOKENADM_SWEEP_PRINT_H

#include <stddef.h>

#include "lifecycle/sweep.h"
#include "sweep/sweeping.h"

/*
 * USER (uid UID): N tokens DONE: REASON; with an issuer (NULL: the store's),
 * N tokens of issuer ISSUER.
 */
void sweep_print_owner(const struct sweep_owner *owner, size_t tokens,
    const char *issuer, const char *done);

/*
 * Who was left alone, and why, as far as the caller wants; what ("" or `tokens
 * of the fleet `) is meant.
 */
void sweep_print_alone(
    const struct sweeping *how, const struct sweep *sweep, const char *what);

#endif
