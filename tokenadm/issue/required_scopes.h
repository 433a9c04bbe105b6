/* The scopes that this machine's services need. */
#ifndef TOKENADM_REQUIRED_SCOPES_H
#define TOKENADM_REQUIRED_SCOPES_H

#include <stdbool.h>

#include "login/module_options.h"
#include "token/record.h"

/*
 * The scopes that a service needs, from its stack and its line's config. False
 * if that is not certain: without the module, with more than one of its lines
 * in auth, or if anything cannot be read.
 */
bool required_scopes_of(
    const char *service, char need[MODULE_OPTIONS_NEED_SIZE]);

/* Adds a service's needed scopes to a list, if they are known and fit. */
void required_scopes_add(
    const char *service, char scopes[RECORD_SCOPES_MAX + 1]);

#endif
