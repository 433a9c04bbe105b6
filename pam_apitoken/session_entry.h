/* A token's session, from its beginning to its end. */
#ifndef PAM_APITOKEN_SESSION_ENTRY_H
#define PAM_APITOKEN_SESSION_ENTRY_H

#include "base/error.h"
#include "login/attempt.h"
#include "login/module_setup.h"
#include "login_state.h"

/*
 * Counts a session that this process opens, with a token or without: one that
 * opens several is not to be ended for the sake of one. Those that it has in
 * the list say so from the second on.
 */
void session_entry_count(struct login_state *pinned);

/*
 * Enters the session in the list of those that live, and looks at the token
 * once more: whoever revokes it either finds the session there to end it, or
 * is obeyed here. Only a token that ends with its session depends on the list.
 * need and ticket of the attempt have been set. ERR_REFUSED, or as
 * setup_read_config, attempt_run, store_open and session_enter.
 */
enum err session_entry_begin(struct login_state *pinned,
    const struct attempt *attempt, struct setup *setup, struct error *why);

/*
 * Takes the session out of the list, and ends the token that ends with it. What
 * cannot be done here, or as the user that the host has become, is left to the
 * next who looks at the list.
 */
void session_entry_end(struct login_state *pinned, struct setup *setup);

#endif
