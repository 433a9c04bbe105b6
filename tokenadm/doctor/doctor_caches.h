/* doctor: shared code for hosts that cache PAM's answer. */
#ifndef TOKENADM_DOCTOR_CACHES_H
#define TOKENADM_DOCTOR_CACHES_H

#include "doctor/doctor.h"

/*
 * Whether one of these services takes tokens and should be checked. A service
 * without its own stack uses /etc/pam.d/other. The list ends with NULL.
 */
bool doctor_caches_matter(
    const struct doctor *doctor, const char *const services[]);

/* Reports that this file turns caching off. */
void doctor_caches_none(struct doctor *doctor, const char *file);

/*
 * Reports that the service has the cache listed in service_facts.h. place is a
 * printf format for where that is set.
 */
void doctor_caches_found(struct doctor *doctor, const char *service,
    const char *place, ...) __attribute__((format(printf, 3, 4)));

#endif
