/* doctor: what is shared about hosts that go on with what PAM accepted once. */
#ifndef TOKENADM_DOCTOR_CACHES_H
#define TOKENADM_DOCTOR_CACHES_H

#include "doctor/doctor.h"

/*
 * Whether one of these services takes tokens, and is not left out. One without
 * a stack of its own is asked about in /etc/pam.d/other. The list ends in NULL.
 */
bool doctor_caches_matter(
    const struct doctor *doctor, const char *const services[]);

/* Adds to the report that nothing is kept, as the file has it. */
void doctor_caches_none(struct doctor *doctor, const char *file);

/*
 * Adds that the service has the cache which service_facts.h knows of; place, as
 * of printf, is where that is set.
 */
void doctor_caches_found(struct doctor *doctor, const char *service,
    const char *place, ...) __attribute__((format(printf, 3, 4)));

#endif
