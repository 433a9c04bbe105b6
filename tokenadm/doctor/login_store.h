/* Whether the store can be read without changing it. */
#ifndef TOKENADM_LOGIN_STORE_H
#define TOKENADM_LOGIN_STORE_H

#include "base/error.h"
#include "config/config.h"

/*
 * A login would roll back what a killed writer left; this must not: ERR_BUSY.
 * Any other fault is left to whoever opens the store.
 */
enum err login_store_look(const struct config *config, struct error *why);

#endif
