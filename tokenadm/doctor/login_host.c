#include "doctor/login_host.h"

#include <stdlib.h>

#include "doctor/doctor.h"

/* The report's areas have to stay valid. */
static void
add_steps(bool *asks, struct steps *steps, const struct report *report,
    const char *name)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct report_finding *one = &report->findings[i];

		if (one->state != REPORT_WRONG)
			continue;
		*asks = false;
		steps_add(steps, name, OUTCOME_FAILED, "%s", one->text.text);
	}
}

enum err
login_host(bool *asks, struct steps *steps, struct context *context,
    const char *user, const char *service, const char *from)
{
	struct doctor *doctor = calloc(1, sizeof(*doctor));

	*asks = true;
	if (doctor == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	doctor->context = context;
	doctor->service = service;
	doctor->user = user;
	doctor->from = from;
	doctor_sshd(doctor);
	add_steps(asks, steps, &doctor->report, "sshd");
	report_free(&doctor->report);
	doctor_vsftpd(doctor);
	add_steps(asks, steps, &doctor->report, "vsftpd");
	report_free(&doctor->report);
	doctor_proftpd(doctor);
	add_steps(asks, steps, &doctor->report, "proftpd");
	report_free(&doctor->report);
	free(doctor);
	return ERR_OK;
}
