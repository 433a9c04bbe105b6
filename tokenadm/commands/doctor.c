#include <stdlib.h>
#include <unistd.h>

#include "base/parse.h"
#include "doctor/doctor.h"

/* Read-only: reports problems, and fixes nothing. */
static void
examine(struct doctor *doctor)
{
	doctor_config(doctor);
	doctor_groups(doctor);
	doctor_store(doctor);
	doctor_tokens(doctor);
	doctor_module(doctor);
	doctor_services(doctor);
	doctor_sshd(doctor);
	doctor_vsftpd(doctor);
	doctor_proftpd(doctor);
	doctor_own(doctor);
	doctor_passwd(doctor);
	doctor_dovecot(doctor);
	doctor_openvpn(doctor);
	doctor_saslauthd(doctor);
	doctor_squid(doctor);
	doctor_machine(doctor);
	doctor_fleet(doctor);
}

static enum err
print(struct doctor *doctor, const struct args *args)
{
	struct report *report = &doctor->report;
	struct error *why = &doctor->context->error;
	enum err rc = ERR_OK;

	(void)error_shown(why);
	if (args_has(args, "json"))
		rc = report_print_json(report);
	else if (!args_has(args, "quiet"))
		report_print(report, args_has(args, "verbose"));
	if (rc != ERR_OK || report->is_cut)
		return error_plain(why, ERR_NOMEM);
	return report_count(report, REPORT_WRONG) == 0 ? ERR_OK : ERR_REFUSED;
}

static enum err
check_options(const struct args *args, const char *service, struct error *why)
{
	bool quiet = args_has(args, "quiet"), json = args_has(args, "json");
	bool login = args_has(args, "login");

	if (service != NULL && !parse_is_service(service))
		return error_about(why, "service", NULL,
		    error_set(why, ERR_INVALID,
			"service `%s`: not the name of a PAM service",
			service));
	if (login && service == NULL)
		return error_about(why, "service", NULL,
		    error_set(why, ERR_USAGE,
			"doctor: give the SERVICE that --login is about"));
	if (!login && args_has(args, "from"))
		return error_about(why, "from", NULL,
		    error_set(
			why, ERR_USAGE, "--from: goes with --login only"));
	if (quiet && (json || args_has(args, "verbose")))
		return error_about(why, "quiet", NULL,
		    error_set(why, ERR_USAGE,
			"--quiet: cannot be combined with --%s",
			json ? "json" : "verbose"));
	if (args_has(args, "verbose") && (json || login))
		return error_about(why, "verbose", NULL,
		    error_set(why, ERR_USAGE,
			"--verbose: with --%s, all is shown anyway",
			json ? "json" : "login"));
	return args_check_from(args_get(args, "from"), why);
}

static enum err
run(struct context *context, const struct args *args)
{
	const char *service = args->operand_count > 0 ? args->operands[0]
						      : NULL;
	const char *login = args_get(args, "login");
	struct doctor *doctor;
	enum err rc = check_options(args, service, &context->error);

	if (rc != ERR_OK)
		return rc;
	if (geteuid() != 0)
		return error_set(&context->error, ERR_SYSTEM,
		    "doctor: run as root: nobody else can look at all of it");
	if (login != NULL)
		return doctor_login(context, args, login, service);
	doctor = calloc(1, sizeof(*doctor));
	if (doctor == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	doctor->context = context;
	doctor->service = service;
	examine(doctor);
	rc = print(doctor, args);
	report_free(&doctor->report);
	free(doctor);
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"login", "USER", "judge the token on standard input, step by step"},
    {"from", "ADDRESS", "the address that the login comes from"},
    {"json", NULL, "as JSON"},
    {"verbose", NULL, "what is right, too"},
    {"quiet", NULL, "print nothing: only the exit status counts"},
    {0},
};

const struct command command_doctor = {
    .name = "doctor",
    .operands = "[SERVICE]",
    .least = 0,
    .most = 1,
    .needs_no_config = true,
    .summary = "Find what is wrong with this machine, and how to fix it",
    .options = OPTIONS,
    .run = run,
};
