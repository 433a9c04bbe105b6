/*
 * Simulates libpam: which modules of a stack it asks, in what order, and the
 * result, given each module's answer. Pure.
 */
#ifndef TOKENADM_PAMRUN_H
#define TOKENADM_PAMRUN_H

#include "pam/pamstack.h"

/*
 * The result of a module, a PAM number. Called only for modules that libpam
 * would ask, in that order.
 */
typedef int pamrun_module(const struct pamstack_entry *entry, void *arg);

/*
 * Runs the lines of a type as pam_authenticate(3), pam_acct_mgmt(3) and
 * pam_open_session(3) do, and returns their result.
 */
int pamrun(const struct pamstack *stack, enum pamline_type type,
    pamrun_module *module, void *arg);

#endif
