/*
 * What libpam makes of a stack when its modules answer so and so: which of
 * them it asks, in which order, and what the host gets to hear. Pure.
 */
#ifndef TOKENADM_PAMRUN_H
#define TOKENADM_PAMRUN_H

#include "pam/pamstack.h"

/*
 * The answer of a module, one of PAM's numbers. It is asked for those only
 * that libpam would ask, in that order.
 */
typedef int pamrun_module(const struct pamstack_entry *entry, void *arg);

/*
 * Runs the lines of a type as pam_authenticate(3), pam_acct_mgmt(3) and
 * pam_open_session(3) do, and returns what these return.
 */
int pamrun(const struct pamstack *stack, enum pamline_type type,
    pamrun_module *module, void *arg);

#endif
