/*
 * Confining a session: from then on its processes can change no file of the
 * machine but where [confine] lets them, and the kernel sees to it. There are
 * two walls, since each has a gap that the other fills: a mount namespace in
 * which all is read-only (the gap: other processes' /proc/PID/root), and a
 * Landlock domain (the gap: modes, owners, times and attributes of files).
 *
 * The right to change files goes. What is open already stays open, for writing
 * too; so do sockets to programs outside, as pam_apitoken(8) tells.
 */
#ifndef PAM_APITOKEN_CONFINEMENT_H
#define PAM_APITOKEN_CONFINEMENT_H

#include <sys/types.h>

#include "config.h"
#include "error.h"

/*
 * Whether a session of this uid could be confined by the calling process, as
 * far as can be seen before: what it refuses, confinement_enter refuses too.
 * Changes nothing. Errors as there.
 */
enum err confinement_check(uid_t uid, struct error *why);

/*
 * Confines the calling process for good, and so the children that it has from
 * then on. It runs as root, with one thread; uid and home (or NULL) are those
 * of the user whose session it becomes. Working directory, umask and
 * descriptors stay as they are.
 *
 * ERR_REFUSED: this session cannot be confined: uid 0, more than one thread.
 * ERR_SYSTEM: kernel or privilege are missing, or a step failed.
 * ERR_NOMEM, ERR_INVALID.
 *
 * After an error the process is not confined, and not what it was either: it
 * may be in a mount namespace of its own, with some of it read-only. It has
 * lost, and gained nothing; but no session may run in it or in a child of it.
 * Where the host does not end it for a refusal, as sshd does not for setcred's
 * in the session's child, the caller has to _exit.
 */
enum err confinement_enter(const struct config *config, uid_t uid,
    const char *home, struct error *why);

#endif
