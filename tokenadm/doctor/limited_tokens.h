/* A usable token that is limited to addresses. */
#ifndef TOKENADM_LIMITED_TOKENS_H
#define TOKENADM_LIMITED_TOKENS_H

#include "doctor/doctor.h"

/*
 * Finds one that names the service, by itself or by a group. False: there is
 * none, or the store cannot be read.
 */
bool limited_tokens_find(
    struct doctor *doctor, const char *service, struct doctor_name *name);

#endif
