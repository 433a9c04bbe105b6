/*
 * When a session is confined: in which hook of which process (option
 * confine=).
 *
 * Nothing hangs on what PAM asks us later, or in which process: open_session
 * confines the process that calls it, and what that forks is confined whether
 * its setcred comes here or not. (A module above ours can see to it that it
 * does not: libpam freezes the path through a stack when it authenticates, and
 * not in the process that sshd opens the session in.)
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
 * At authentication, so that nobody logs in only to be refused: whether the
 * program that runs the hooks may be confined in the outcome's mode, and its
 * process has nothing open by which the session could change files. As
 * host_program_find, confine_check_program, descriptors_check.
 */
enum err confine_hook_check(const struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct config *config,
    struct error *why);

/*
 * In setcred and open_session, when all else that they do is done: confines
 * this process, if it is one that has to be by now. After an error no session
 * may run in it, nor in a child of it: see confinement_enter. ERR_REFUSED and
 * others.
 */
enum err confine_hook_enter(pam_handle_t *pamh, struct login_state *pinned,
    struct setup *setup, bool is_session, struct error *why);

/*
 * Whether the host goes on with a connection whose session has been refused,
 * as sshd does, for what it forwards: such a one has to be ended.
 */
bool confine_hook_host_goes_on(void);

#endif
