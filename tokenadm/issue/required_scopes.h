/* The scopes that this machine's services need. */
#ifndef TOKENADM_REQUIRED_SCOPES_H
#define TOKENADM_REQUIRED_SCOPES_H

#include <stdbool.h>

#include "base/error.h"
#include "config/services.h"
#include "login/module_options.h"
#include "token/record.h"

/*
 * The scopes that a service needs, from its stack and its line's config. False
 * if that is not certain: without the module, with more than one of its lines
 * in auth, or if anything cannot be read.
 */
bool required_scopes_of(
    const char *service, char need[MODULE_OPTIONS_NEED_SIZE]);

/*
 * Whether a service of the token's takes its scopes, as far as that is known:
 * ERR_POLICY, with what would do, if it is certain that none does. groups are
 * the config's.
 */
enum err required_scopes_check(const struct service_group *groups,
    const struct record *record, struct error *why);

/* Adds a service's needed scopes to a list, if they are known and fit. */
void required_scopes_add(
    const char *service, char scopes[RECORD_SCOPES_MAX + 1]);

#endif
