/*
 * Whether a session has to be confined: kept by the kernel from changing
 * files. Pure; confinement.h does it.
 */
#ifndef APITOKEN_CONFINE_RULE_H
#define APITOKEN_CONFINE_RULE_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"

enum confine {
	CONFINE_REFUSED = 0, /* it has to be, and may not be: no login */
	CONFINE_NEEDED,      /* it has to be */
	CONFINE_UNNEEDED,    /* it has not */
};

/*
 * Whether the session of a token with these scopes (a list) in this service
 * (NULL if unknown) has to be confined: where the line has a mode and the
 * token lacks `write`. It may be where [confine] lists the service.
 */
enum confine confine_verdict(const struct config *config, const char *service,
    const char *scopes, enum confine_mode mode);

/* What a line with that mode says: `confine=child`, or `no confine=`. */
const char *confine_mode_text(enum confine_mode mode);

/*
 * How a program begins its sessions that is known by the last part of its path,
 * as /usr/sbin/sshd is; CONFINE_NEVER: it is not known.
 */
enum confine_mode confine_known_mode(const char *path);

/*
 * Whether a program begins its sessions as the mode says, and each in a process
 * that serves nobody else: one of those that are known, or that [confine]
 * programs lists. ERR_REFUSED.
 */
enum err confine_check_program(const struct config *config, const char *path,
    enum confine_mode mode, struct error *why);

/*
 * Takes `write` out of what a service needs of a token, a list, if it can
 * confine the session instead. A service that needs nothing else, a letter-box,
 * goes on needing it.
 */
void confine_need(const struct config *config, const char *service,
    enum confine_mode mode, char *need);

#endif
