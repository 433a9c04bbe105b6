/*
 * When a session is confined: which tokens' sessions have to be, and in which
 * hook of which process it is done (option confine=).
 */
#ifndef PAM_APITOKEN_CONFINING_H
#define PAM_APITOKEN_CONFINING_H

#include <security/pam_modules.h>
#include <stdbool.h>

#include "config.h"
#include "error.h"
#include "options.h"
#include "pinned.h"
#include "record.h"

/*
 * At authentication: sets *mode to how the session of this token has to be
 * confined, if at all. ERR_REFUSED and others: it would have to be, and cannot.
 */
enum err confining_decide(enum confine_mode *mode, const struct config *config,
    const struct options *options, const char *service,
    const struct record *record, struct error *why);

/*
 * In setcred and open_session, when all else that they do is done: confines
 * this process, if it is the one. After an error no session may run in it, nor
 * in a child of it: see confinement_enter. ERR_REFUSED and others.
 */
enum err confining_enter(pam_handle_t *pamh, struct pinned *pinned,
    const struct options *options, bool is_session, struct error *why);

#endif
