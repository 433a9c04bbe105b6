/*
 * When a session is confined: which tokens' sessions have to be, and in which
 * hook of which process it is done (option confine=).
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
#include "config/config.h"
#include "login/module_options.h"
#include "login_state.h"
#include "token/record.h"

/*
 * At authentication: sets *mode to how the session of this token has to be
 * confined, if at all; wanted is what the line says. ERR_REFUSED and others:
 * it would have to be, and cannot.
 */
enum err confine_hook_decide(enum confine_mode *mode,
    const struct config *config, enum confine_mode wanted, const char *service,
    const struct record *record, struct error *why);

/*
 * Whether the program that runs the hooks may be confined in this mode, should
 * that be one. As host_program_find and confine_check_program.
 */
enum err confine_hook_check_program(
    const struct config *config, enum confine_mode mode, struct error *why);

/*
 * Whether this process has nothing open, in this mode, by which a session of
 * this uid could change files. As descriptors_check.
 *
 * It is asked at authentication, so that nobody logs in only to be refused; in
 * each process before it is confined; and in sshd's child once more, for what
 * was opened between. A host that confines itself is looked at as its child is:
 * that may never come here.
 */
enum err confine_hook_check_descriptors(
    enum confine_mode mode, uid_t uid, struct error *why);

/*
 * In setcred and open_session, when all else that they do is done: confines
 * this process, if it is one that has to be by now. After an error no session
 * may run in it, nor in a child of it: see confinement_enter. ERR_REFUSED and
 * others.
 */
enum err confine_hook_enter(pam_handle_t *pamh, struct login_state *pinned,
    const struct module_options *options, bool is_session, struct error *why);

/*
 * Whether the host goes on with a connection whose session has been refused,
 * as sshd does, for what it forwards: such a one has to be ended.
 */
bool confine_hook_host_goes_on(void);

#endif
