/*
 * Sends a token from the process that authenticates to the one that opens the
 * session: with keyboard-interactive, sshd forks in between and loses what is
 * login (handoff.h). Without a token, or such a fork, there is next to nothing
 * to do, and nothing that could fail.
 */
#ifndef PAM_APITOKEN_HANDOFF_EXCHANGE_H
#define PAM_APITOKEN_HANDOFF_EXCHANGE_H

#include <security/pam_modules.h>

#include "base/error.h"
#include "login/attempt.h"
#include "login/module_setup.h"
#include "login_state.h"

/* The variable of the PAM environment that holds the proof. */
#define HANDOFF_EXCHANGE_VARIABLE "APITOKEN_HANDOFF"

/*
 * Forgets what an earlier attempt of this connection sent, to this process or
 * to its parent.
 */
void handoff_exchange_clear(pam_handle_t *pamh);

/*
 * Sends the token to the parent of this process, in case that opens the
 * session. Failing to send it when it may be needed is an error: the session
 * would seem to have no token.
 */
enum err handoff_exchange_send(pam_handle_t *pamh, struct login_state *login,
    const struct config *config, struct error *why);

/* Takes back what was sent: it was refused, or is not needed. */
void handoff_exchange_recall(pam_handle_t *pamh, struct login_state *login);

/*
 * For the account hook of a process that has not authenticated: removes what an
 * earlier attempt sent here, unless its proof has come, too.
 */
void handoff_exchange_discard(pam_handle_t *pamh);

/*
 * Finds out what was sent to this process, if anything: sets *login, and why
 * if it is refused. Changes nothing, and uses setup only if something came.
 */
void handoff_exchange_receive(pam_handle_t *pamh, struct login_state *login,
    const struct attempt *attempt, struct setup *setup, struct error *why);

/* Once that is login: removes what was sent. */
void handoff_exchange_finish(
    pam_handle_t *pamh, const struct login_state *login);

#endif
