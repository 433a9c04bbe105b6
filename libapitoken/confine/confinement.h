/*
 * Confines a session: from then on the kernel lets its processes change files
 * only where [confine] allows it. There are two walls, since each has a gap
 * that the other fills: a mount namespace in which all is read-only (gap: other
 * processes' /proc/PID/root), and a Landlock domain (gap: modes, owners, times
 * and attributes of files).
 *
 * What is already open stays open, even for writing: the caller checks for that
 * (descriptors.h). So do sockets to programs outside; see pam_apitoken(8).
 *
 * Confinement is inherited: whatever a confined process forks or executes is
 * confined, whether or not PAM calls us there.
 */
#ifndef APITOKEN_CONFINEMENT_H
#define APITOKEN_CONFINEMENT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "config/config.h"
#include "confine/mount_ns.h"

/* What was done to a process, and made for its children. */
struct confinement {
	struct mount_ns own;     /* that of the process */
	struct mount_ns session; /* that of a session it forks */
	int session_fd;          /* leads to session, close-on-exec */
	uid_t uid;               /* of the session's user */
};

/*
 * Whether the calling process could confine a session of this uid, as far as
 * can be told beforehand: what this refuses, the functions below refuse too.
 * Changes nothing. Errors as there.
 */
enum err confinement_check(uid_t uid, struct error *why);

/*
 * Confines the calling process and its future children as a session, for good.
 * The process runs as root, with one thread; uid and home (or NULL) are those
 * of the session's user. Working directory, umask and descriptors stay as they
 * are. Success is checked by confined.h before it is reported.
 *
 * ERR_REFUSED: this session cannot be confined: uid 0, more than one thread.
 * ERR_SYSTEM: kernel support or a privilege is missing, or a step failed.
 * ERR_NOMEM, ERR_INVALID.
 *
 * After an error the process is not confined, but not unchanged either: it may
 * be in a mount namespace of its own, partly read-only. It has only lost
 * rights, but no session may run in it or in a child of it. If the host goes on
 * after a refusal, as sshd does after setcred's in the session's child, the
 * caller has to _exit.
 */
enum err confinement_enter(struct confinement *confinement,
    const struct config *config, uid_t uid, const char *home,
    struct error *why);

/*
 * The same for a process that forks the session and logs it out afterwards: it
 * can also change terminals and login records, and only [confine] hides
 * anything from it. What it forks can change no more than that, and narrows
 * itself with confinement_narrow. Opens session_fd, which confinement_release
 * closes.
 */
enum err confinement_enter_host(struct confinement *confinement,
    const struct config *config, uid_t uid, const char *home,
    struct error *why);

/* Whether the calling process is still confined this way. */
bool confinement_holds(const struct confinement *confinement);

/* Whether a session's namespace is ready for a child to enter. */
bool confinement_is_prepared(const struct confinement *confinement);

/*
 * For the child that becomes the session, as root: reduces it to a session's
 * rights (confinement_enter). Errors as there.
 */
enum err confinement_narrow(struct confinement *confinement, struct error *why);

/* Closes session_fd, if it still leads to the session. */
void confinement_release(struct confinement *confinement);

#endif
