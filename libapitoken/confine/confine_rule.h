/*
 * Decides whether a session has to be confined: kept by the kernel from
 * changing files. Pure; confinement.h does the confining.
 */
#ifndef APITOKEN_CONFINE_RULE_H
#define APITOKEN_CONFINE_RULE_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"

enum confine {
	CONFINE_REFUSED = 0, /* it must be, and may not be: no login */
	CONFINE_NEEDED,      /* it must be */
	CONFINE_UNNEEDED,    /* it need not be */
};

/*
 * Judges the session of a token with these scopes (a list) in this service
 * (NULL if unknown). It must be confined if the module's line has a mode and
 * the token lacks `write`; it may be if [confine] lists the service.
 */
enum confine confine_verdict(const struct config *config, const char *service,
    const char *scopes, enum confine_mode mode);

/* The option that sets the mode: `confine=child`, or `no confine=`. */
const char *confine_mode_text(enum confine_mode mode);

/*
 * How a program begins its sessions, if it is known by the last component of
 * its path, as sshd is; CONFINE_NEVER if not.
 */
enum confine_mode confine_known_mode(const char *path);

/*
 * Checks that a program begins its sessions as the mode says, each in a process
 * that serves nobody else: that it is known, or listed in [confine] programs.
 * ERR_REFUSED.
 */
enum err confine_check_program(const struct config *config, const char *path,
    enum confine_mode mode, struct error *why);

/*
 * Removes `write` from need, the list of scopes that a service requires, if the
 * session can be confined instead. It stays if it is the only one, as for a
 * drop box.
 */
void confine_need(const struct config *config, const char *service,
    enum confine_mode mode, char *need);

#endif
