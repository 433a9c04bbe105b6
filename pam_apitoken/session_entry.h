/* A token's session, from its beginning to its end. */
#ifndef PAM_APITOKEN_SESSION_ENTRY_H
#define PAM_APITOKEN_SESSION_ENTRY_H

#include "base/error.h"
#include "login/attempt.h"
#include "login/module_setup.h"
#include "login_state.h"

/*
 * Counts a session that this process opens, with a token or without: a process
 * that opens several must not be ended for one of them. From the second on,
 * those in the list are marked as shared.
 */
void session_entry_count(struct login_state *login);

/*
 * Adds the session to the list of live ones, then checks the token once more:
 * whoever revokes it either finds the session there to end it, or is obeyed
 * here. Only a token that ends with its session, or may have so many at a time
 * only, depends on the list. The caller has set need and ticket of the attempt.
 * ERR_POLICY: it has as many sessions as it may; ERR_REFUSED, or as
 * setup_read_config, attempt_run, store_open and max_sessions_enter.
 */
enum err session_entry_begin(struct login_state *login,
    const struct attempt *attempt, struct setup *setup, struct error *why);

/*
 * Removes the session from the list, and ends the token that ends with it. What
 * fails here, perhaps since the host has given up root, is left to whoever
 * reads the list next.
 */
void session_entry_end(struct login_state *login, const struct attempt *attempt,
    struct setup *setup);

#endif
