/*
 * Tokens for one login. It uses the token up before it is let in: no commit, no
 * login. What the record keeps of it is a ticket, by which the account hook of
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
 * Uses up the token with this id, ends what it has replaced (see rotation.h),
 * and sets ticket. ERR_REFUSED if another login
 * was faster, or it was revoked since it was evaluated; or as store_open and
 * store_commit. deadline is as in lock.h.
 */
enum err single_use_spend(const struct config *config, const char *id,
    int64_t now, int64_t deadline, char ticket[RECORD_TICKET_LEN + 1],
    struct error *why);

/* Whether the token was used up, and not revoked otherwise. */
bool single_use_is_spent(const struct record *record);

/*
 * Whether it was the login with this ticket, which may be NULL, that did. In
 * constant time.
 */
bool single_use_has_ticket(const struct record *record, const char *ticket);

#endif
