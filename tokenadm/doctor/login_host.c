#include "doctor/login_host.h"

#include <stdlib.h>

#include "doctor/doctor.h"
#include "doctor/login_proftpd.h"
#include "doctor/login_vsftpd.h"
#include "doctor/sshd_settings.h"
#include "doctor/sshd_verdict.h"

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

/* *asks is false if the login is refused, whatever is not known of it. */
static void
add_verdict(bool *asks, struct steps *steps, const struct sshd_verdict *verdict)
{
	for (size_t i = 0; i < SSHD_FAULTS; i++) {
		if (verdict->has[i])
			steps_add(steps, "sshd", OUTCOME_FAILED, "%s",
			    verdict->text[i].text);
	}
	if (verdict->refuses)
		*asks = false;
	else if (verdict->unknown.text[0] != '\0')
		steps_add_unseen(steps, "sshd", verdict->unknown.text);
}

static bool
is_of_sshd(const char *said, const char *service)
{
	char name[SSHD_VALUE_SIZE];

	sshd_settings_service(said, name);
	return strcmp(service, name) == 0;
}

static void
ask_sshd(bool *asks, struct steps *steps, const char *user, const char *service,
    const char *from)
{
	struct sshd_login login = {.user = user, .from = from};
	struct sshd_verdict verdict;
	char *said = NULL, *own = NULL;
	struct error why = {""};
	enum err rc = sshd_settings_read(&said, NULL, &why);

	if (rc == ERR_NOT_FOUND || (rc == ERR_OK && !is_of_sshd(said, service)))
		goto out;
	if (rc == ERR_OK) {
		sshd_settings_login(said, &login);
		rc = sshd_settings_read(&own, &login, &why);
	}
	if (rc == ERR_OK) {
		sshd_verdict_make(&verdict, own, &login);
		add_verdict(asks, steps, &verdict);
	} else {
		steps_add_unseen(steps, "sshd", why.text);
	}
out:
	free(own);
	free(said);
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
	if (doctor_concerns_sshd(doctor))
		ask_sshd(asks, steps, user, service, from);
	doctor_vsftpd(doctor);
	add_steps(asks, steps, &doctor->report, "vsftpd");
	login_vsftpd(asks, steps, user, service);
	report_free(&doctor->report);
	doctor_proftpd(doctor);
	add_steps(asks, steps, &doctor->report, "proftpd");
	login_proftpd(asks, steps, user, service);
	report_free(&doctor->report);
	free(doctor);
	return ERR_OK;
}
