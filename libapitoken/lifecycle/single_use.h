/*
 * Tokens for one login. The login uses the token up before it is let in: no
 * commit, no login. The record keeps a ticket, with which the account hook of
 * the same login still passes; nobody else has it.
 */
#ifndef APITOKEN_SINGLE_USE_H
#define APITOKEN_SINGLE_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "token/record.h"

/*
 * Uses up the token with this id, ends its predecessor (see rotation.h), and
 * sets ticket. ERR_REFUSED if another login was faster, or the token was
 * revoked meanwhile; or as store_open and store_commit. deadline is as in
 * deadline.h.
 */
enum err single_use_spend(const struct config *config, const char *id,
    int64_t now, int64_t deadline, char ticket[RECORD_TICKET_LEN + 1],
    struct error *why);

/* Whether the token was used up, and not revoked otherwise. */
bool single_use_is_spent(const struct record *record);

/*
 * Whether the login with this ticket, which may be NULL, used it up. In
 * constant time.
 */
bool single_use_has_ticket(const struct record *record, const char *ticket);

#endif
