/* doctor: vsftpd's settings that matter to tokens. */
#include <string.h>

#include "doctor/doctor.h"
#include "doctor/vsftpd_complaint.h"
#include "doctor/vsftpd_config.h"
#include "pam/own_lines.h"
#include "pam/pamconf.h"

struct settings {
	const char *file;
	char service[PARSE_SERVICE_MAX + 1];
	bool logs_in, writes, opens_sessions;
};

static bool
read_settings(struct settings *settings)
{
	const char *file = settings->file = vsftpd_config_file();

	if (file == NULL)
		return false;
	vsftpd_config_service(file, settings->service);
	settings->logs_in = vsftpd_config_is_on(file, "local_enable", false);
	settings->writes = vsftpd_config_is_on(file, "write_enable", false);
	settings->opens_sessions = vsftpd_config_is_on(
	    file, "session_support", false);
	return true;
}

/* The last line wins; vsftpd reads its config only at startup. */
static void
fix_setting(struct report *report, const char *file, const char *setting)
{
	report_fix(
	    report, "echo %s >>%s && systemctl restart vsftpd", setting, file);
}

/* A line that it cannot read ends vsftpd: returns true, all else is useless. */
static bool
reports_no_start(struct report *report, const char *file)
{
	struct vsftpd_complaint complaint;

	if (!vsftpd_complains(VSFTPD_PROGRAM, file, &complaint))
		return false;
	if (complaint.number != 0)
		report_add(report, REPORT_WRONG,
		    "%s:%zu: vsftpd does not start: %s", file, complaint.number,
		    complaint.text.text);
	else
		report_add(report, REPORT_WRONG,
		    "%s: vsftpd does not start: %s", file, complaint.text.text);
	if (complaint.is_spelling)
		report_fix(report,
		    "sed -i --follow-symlinks 's/[[:space:]]*$//; "
		    "s/^[[:space:]]*#/#/; "
		    "/^#/!s/[[:space:]]*=[[:space:]]*/=/' %s"
		    " && systemctl restart vsftpd",
		    file);
	else if (complaint.number != 0)
		report_fix(report, "mend the line: vsftpd.conf(5)");
	else
		report_fix(
		    report, "chown root %s && systemctl restart vsftpd", file);
	return true;
}

static void
judge(struct doctor *doctor, const struct settings *settings,
    const struct pamstack *stack)
{
	struct report *report = &doctor->report;
	size_t before = report->count;
	const char *file = settings->file;
	const struct doctor_host host = {
	    VSFTPD_PROGRAM, file, settings->service};

	if (!doctor_host(doctor, &host, stack))
		fix_setting(report, file, "pam_service_name=vsftpd");
	if (!settings->logs_in) {
		report_add(report, REPORT_WRONG,
		    "%s: local_enable is not YES: no user logs in", file);
		fix_setting(report, file, "local_enable=YES");
	}
	/* A login works without its session. */
	if (doctor->user == NULL && !settings->opens_sessions &&
	    own_lines_find(stack, PAMLINE_SESSION) != NULL) {
		report_add(report,
		    own_lines_is_file(stack) ? REPORT_WRONG : REPORT_WARNING,
		    "%s: session_support is not YES: the session line is never "
		    "asked",
		    file);
		fix_setting(report, file, "session_support=YES");
	}
	if (!settings->writes) {
		report_add(report, REPORT_WARNING,
		    "%s: no uploads: write_enable is not YES", file);
		fix_setting(report, file, "write_enable=YES");
	}
	if (report->count == before)
		report_add(report, REPORT_OK, "%s: takes what PAM takes", file);
}

/* If its service has no stack, PAM uses /etc/pam.d/other. */
static void
report_no_stack(struct doctor *doctor, const struct settings *settings)
{
	report_add(&doctor->report, REPORT_WRONG,
	    "%s: asks PAM as \"%s\", which has no file in /etc/pam.d",
	    settings->file, settings->service);
	fix_setting(&doctor->report, settings->file, "pam_service_name=vsftpd");
}

/* Whether somebody expects vsftpd to take tokens. */
static bool
is_meant_to(const struct doctor *doctor, const struct pamstack *stack)
{
	if (stack->has_file)
		return own_lines_are_there(stack);
	return doctor->service != NULL || pamconf_takes_tokens("vsftpd");
}

void
doctor_vsftpd(struct doctor *doctor)
{
	struct settings settings;
	struct pamstack stack = {0};
	struct error why;

	report_set_area(&doctor->report, "vsftpd");
	if (!read_settings(&settings) ||
	    (!doctor_wants(doctor, settings.service) &&
		!doctor_wants(doctor, "vsftpd")))
		return;
	if (pamstack_read(&stack, settings.service, NULL, &why) != ERR_OK ||
	    !is_meant_to(doctor, &stack) ||
	    reports_no_start(&doctor->report, settings.file))
		goto out;
	if (!stack.has_file) {
		report_no_stack(doctor, &settings);
	} else {
		judge(doctor, &settings, &stack);
		if (strcmp(settings.service, "vsftpd") != 0)
			report_add(&doctor->report, REPORT_OK,
			    "pam_service_name=%s: tokens have to be issued "
			    "for it",
			    settings.service);
	}
out:
	pamstack_free(&stack);
}
