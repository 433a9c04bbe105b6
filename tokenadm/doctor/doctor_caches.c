#include "doctor/doctor_caches.h"

#include <stdarg.h>
#include <stdio.h>

#include "doctor/service_facts.h"
#include "pam/pamconf.h"

bool
doctor_caches_matter(const struct doctor *doctor, const char *const services[])
{
	for (size_t i = 0; services[i] != NULL; i++) {
		const char *stack = pamconf_has_stack(services[i])
		    ? services[i]
		    : PAMSTACK_DEFAULT;

		if (doctor_wants(doctor, services[i]) &&
		    pamconf_takes_tokens(stack))
			return true;
	}
	return false;
}

void
doctor_caches_none(struct doctor *doctor, const char *file)
{
	report_add(
	    &doctor->report, REPORT_OK, "%s: PAM is asked each time", file);
}

void
doctor_caches_found(
    struct doctor *doctor, const char *service, const char *place, ...)
{
	const struct service_facts *facts = service_facts_of(service);
	char where[ERROR_TEXT_MAX];
	va_list args;

	va_start(args, place);
	(void)vsnprintf(where, sizeof(where), place, args);
	va_end(args);
	report_add(&doctor->report, REPORT_WRONG,
	    "%s: %s: a token accepted once is accepted again without PAM, "
	    "even if revoked, and nothing is logged",
	    where, facts == NULL ? "a cache" : facts->cache);
}
