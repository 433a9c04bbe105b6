#include "doctor/service_verdict.h"

#include <stdlib.h>
#include <unistd.h>

#include "doctor/doctor.h"

/* The first finding that is wrong; NULL: none. */
static const struct report_finding *
find_wrong(const struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		if (report->findings[i].state == REPORT_WRONG)
			return &report->findings[i];
	}
	return NULL;
}

bool
service_verdict(struct context *context, const char *service, struct error *why)
{
	struct doctor *doctor = geteuid() == 0 ? calloc(1, sizeof(*doctor))
					       : NULL;
	const struct report_finding *wrong;

	if (doctor == NULL)
		return true;
	doctor->context = context;
	doctor->service = service;
	doctor_services(doctor);
	doctor_sshd(doctor);
	doctor_vsftpd(doctor);
	doctor_proftpd(doctor);
	wrong = find_wrong(&doctor->report);
	if (wrong != NULL)
		*why = wrong->text;
	report_free(&doctor->report);
	free(doctor);
	return wrong == NULL;
}
