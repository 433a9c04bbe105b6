#include "doctor/service_verdict.h"

#include <stdlib.h>
#include <unistd.h>

#include "doctor/doctor.h"

bool
service_verdict(struct context *context, const char *service,
    enum service_search search, struct error *why)
{
	struct doctor *doctor = geteuid() == 0 ? calloc(1, sizeof(*doctor))
					       : NULL;
	const struct report_finding *wrong;

	if (doctor == NULL)
		return true;
	doctor->context = context;
	doctor->service = service;
	doctor->search = search;
	doctor_services(doctor);
	doctor_sshd(doctor);
	doctor_vsftpd(doctor);
	doctor_proftpd(doctor);
	wrong = report_find(&doctor->report, REPORT_WRONG, 0);
	if (wrong != NULL)
		*why = wrong->text;
	report_free(&doctor->report);
	free(doctor);
	return wrong == NULL;
}
