/* The services that somebody may have tokens for, and that take them here. */
#ifndef TOKENADM_OFFERED_SERVICES_H
#define TOKENADM_OFFERED_SERVICES_H

#include "cli/command.h"
#include "token/record.h"

/*
 * Lists the services that have pam_apitoken in their stack, in which doctor
 * finds nothing wrong, and that the policy allows. Runs other programs: hold no
 * lock and no secret.
 */
void offered_services(struct context *context, const struct policy *policy,
    char services[RECORD_SERVICES_MAX + 1]);

#endif
