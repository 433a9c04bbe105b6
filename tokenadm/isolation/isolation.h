/*
 * Whoever holds the store's lock holds up every login. An operator who runs
 * tokenadm as root, as by sudo, starts it in a control group, with a priority,
 * and perhaps under a real uid that are his.
 */
#ifndef TOKENADM_ISOLATION_H
#define TOKENADM_ISOLATION_H

#include "base/error.h"

/*
 * Before the lock is taken: makes root's process one that no ordinary user can
 * stop or slow. Of another user's, with a store of his own, nothing is asked.
 * ERR_SYSTEM, ERR_UNSAFE, ERR_NOMEM: it cannot, and must not take the lock.
 */
enum err isolation_begin(struct error *why);

#endif
