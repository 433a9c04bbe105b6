/*
 * Confining a session: from then on its processes can change no file of the
 * machine but where [confine] lets them, and the kernel sees to it. There are
 * two walls, since each has a gap that the other fills: a mount namespace in
 * which all is read-only (the gap: other processes' /proc/PID/root), and a
 * Landlock domain (the gap: modes, owners, times and attributes of files).
 *
 * The right to change files goes. What is open already stays open, for writing
 * too: the caller sees to that (descriptors.h). So do sockets to programs
 * outside, as pam_apitoken(8) tells.
 *
 * It is inherited: whatever a confined process forks or executes is confined,
 * whether PAM asks us there or not.
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
	struct mount_ns session; /* that of a session that it forks */
	int session_fd;          /* which leads there, close-on-exec */
	uid_t uid;               /* the user's whose session it is */
};

/*
 * Whether a session of this uid could be confined by the calling process, as
 * far as can be seen before: what it refuses, those below refuse too.
 * Changes nothing. Errors as there.
 */
enum err confinement_check(uid_t uid, struct error *why);

/*
 * Confines the calling process for good, and so the children that it has from
 * then on, as a session is. It runs as root, with one thread; uid and home (or
 * NULL) are those of the user whose session it becomes. Working directory,
 * umask and descriptors stay as they are. That it is confined is seen by
 * confined.h before it is said.
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
enum err confinement_enter(struct confinement *confinement,
    const struct config *config, uid_t uid, const char *home,
    struct error *why);

/*
 * The same for a process that forks the session and logs it out afterwards: it
 * can change terminals and the records of logins, and what [confine] lets the
 * session change; nothing is hidden from it but what [confine] hides. What it
 * forks can change no more than that, and narrows itself by confinement_narrow.
 * Opens session_fd, which confinement_release closes.
 */
enum err confinement_enter_host(struct confinement *confinement,
    const struct config *config, uid_t uid, const char *home,
    struct error *why);

/* Whether the calling process is confined by what was done here. */
bool confinement_holds(const struct confinement *confinement);

/* Whether a session's namespace was made, for a child to enter. */
bool confinement_is_prepared(const struct confinement *confinement);

/*
 * In the child that becomes the session, as root: leaves it what a session has
 * (confinement_enter), and no more. Errors as there.
 */
enum err confinement_narrow(struct confinement *confinement, struct error *why);

/* Closes session_fd, if that is what it was opened for. */
void confinement_release(struct confinement *confinement);

#endif
