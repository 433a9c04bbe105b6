/* Whether a login's store can be asked without changing it. */
#ifndef TOKENADM_LOGIN_STORE_H
#define TOKENADM_LOGIN_STORE_H

#include "base/error.h"
#include "config/config.h"

/*
 * A login would undo what a killed writer left; asking must not: ERR_BUSY then.
 * What else may be wrong with the store, whoever opens it finds out.
 */
enum err login_store_look(const struct config *config, struct error *why);

#endif
