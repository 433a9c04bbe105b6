/*
 * When a session is confined: in which hook of which process (option confine=).
 *
 * Nothing depends on later calls, or on their process: open_session confines
 * the process that calls it, and what that forks is confined whether or not its
 * setcred comes here. (A module above ours can keep it away: libpam freezes the
 * path through a stack when it authenticates, but not in the process in which
 * sshd opens the session.)
 */
#ifndef PAM_APITOKEN_CONFINE_HOOK_H
#define PAM_APITOKEN_CONFINE_HOOK_H

#include <security/pam_modules.h>
#include <stdbool.h>

#include "base/error.h"
#include "login/attempt_run.h"
#include "login/module_setup.h"
#include "login_state.h"

/*
 * At authentication, so that nobody logs in only to be refused: checks that the
 * program that runs the hooks may be confined in the outcome's mode, and that
 * its process has nothing open through which the session could change files.
 * Errors as host_program_find, confine_check_program, descriptors_check.
 */
enum err confine_hook_check(const struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct config *config,
    struct error *why);

/*
 * The last step of setcred and open_session: confines this process, if it has
 * to be by now. After an error no session may run in it or in a child of it:
 * see confinement_enter. ERR_REFUSED and others.
 */
enum err confine_hook_enter(pam_handle_t *pamh, struct login_state *login,
    struct setup *setup, bool is_session, struct error *why);

/*
 * Whether the host keeps a connection whose session was refused, as sshd does
 * for forwarding: such a host has to be ended.
 */
bool confine_hook_host_goes_on(void);

#endif
