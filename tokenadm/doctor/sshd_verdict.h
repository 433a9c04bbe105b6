/* Whether sshd lets a token decide about a login, by its settings. */
#ifndef TOKENADM_SSHD_VERDICT_H
#define TOKENADM_SSHD_VERDICT_H

#include <stdbool.h>

#include "base/error.h"
#include "doctor/sshd_match.h"

enum sshd_fault {
	SSHD_NO_PAM,       /* UsePAM no */
	SSHD_NO_METHOD,    /* nothing by which a token can be sent */
	SSHD_MORE_METHODS, /* a token and something else */
	SSHD_OTHER_METHODS,
	SSHD_NOT_ALLOWED, /* AllowUsers and the like, PermitRootLogin */
	SSHD_NO_SHELL,
	SSHD_FAULTS,
};

struct sshd_verdict {
	bool has[SSHD_FAULTS];
	struct error text[SSHD_FAULTS];   /* what is wrong; "" without it */
	const char *setting[SSHD_FAULTS]; /* that is to blame, or NULL */
	bool refuses;                     /* whatever is not known */
	struct error unknown; /* what could not be judged; "": nothing */
};

/*
 * Judges a login by the settings that sshd_settings_read gave for it. login is
 * NULL: what they say of everybody.
 */
void sshd_verdict_make(struct sshd_verdict *verdict, const char *said,
    const struct sshd_login *login);

#endif
