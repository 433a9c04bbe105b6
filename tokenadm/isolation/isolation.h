/*
 * Whoever holds the store's lock holds up every login. An operator who runs
 * tokenadm as root, by sudo for example, starts it in his own control group,
 * with his priority, and perhaps with his real uid.
 */
#ifndef TOKENADM_ISOLATION_H
#define TOKENADM_ISOLATION_H

#include "base/error.h"

/*
 * Call this before taking the lock: protects root's process from being stopped
 * or slowed by ordinary users. For another user, with his own store, does
 * nothing. ERR_SYSTEM, ERR_UNSAFE, ERR_NOMEM: it failed; the process must not
 * take the lock.
 */
enum err isolation_begin(struct error *why);

#endif
