/* doctor: a program whose own settings name its PAM service. */
#include <limits.h>

#include "confine/confine_rule.h"
#include "doctor/doctor.h"
#include "pam/own_lines.h"

bool
doctor_host(struct doctor *doctor, const struct doctor_host *host,
    const struct pamstack *stack)
{
	const struct pamstack_entry *auth = own_lines_find(stack, PAMLINE_AUTH);
	const struct config *config = &doctor->context->config;
	struct module_options options;
	struct error why = {""};

	/* A line that cannot be parsed is reported with its service. */
	if (auth == NULL ||
	    module_options_parse(
		&options, auth->line.argc, auth->line.argv, &why) != ERR_OK ||
	    options.confine == CONFINE_NEVER ||
	    confine_check_program(
		config, host->program, options.confine, &why) == ERR_OK)
		return true;
	report_add(&doctor->report, REPORT_WRONG,
	    "%s: asks PAM as %s, and %s:%zu is not for it: %s", host->file,
	    host->service, auth->file, auth->number, why.text);
	return false;
}
