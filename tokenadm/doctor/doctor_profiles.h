/* doctor: profiles of pam-auth-update(8) that stand before ours. */
#ifndef TOKENADM_DOCTOR_PROFILES_H
#define TOKENADM_DOCTOR_PROFILES_H

#include "doctor/report.h"
#include "pam/pamstack.h"

/*
 * Looks at findings from that number on that are about lines of ours in a file
 * of pam-auth-update's. If another profile's line stands before ours there,
 * their fix becomes the priority that changes it: an edit by hand would not
 * last.
 */
void doctor_profiles(
    struct report *report, const struct pamstack *stack, size_t from);

#endif
