/* Which scopes this machine's services need of a token. */
#ifndef TOKENADM_REQUIRED_SCOPES_H
#define TOKENADM_REQUIRED_SCOPES_H

#include <stdbool.h>

#include "login/module_options.h"
#include "token/record.h"

/*
 * The scopes that a service needs, by its stack and the config that its line
 * names. False where that is not known for certain: without the module, with
 * more than one line of it in auth, or with what cannot be read.
 */
bool required_scopes_of(
    const char *service, char need[MODULE_OPTIONS_NEED_SIZE]);

/*
 * Adds what a service needs to a list of scopes, as far as it is known and
 * there is room.
 */
void required_scopes_add(
    const char *service, char scopes[RECORD_SCOPES_MAX + 1]);

#endif
