/* doctor: the PAM service names that proftpd uses. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "doctor/proftpd_config.h"
#include "pam/pamconf.h"
#include "pam/pamstack.h"

#define PROGRAM "/usr/sbin/proftpd"

/* A setting that names a service, and its default. */
struct name {
	const char *setting, *usual;
};

static void
judge_name(struct doctor *doctor, const struct name *name)
{
	struct setting setting;
	const char *service = proftpd_config_find(name->setting, &setting)
	    ? setting.value
	    : name->usual;
	const struct doctor_host host = {PROGRAM, PROFTPD_CONFIG, service};
	struct pamstack stack = {0};
	struct error why;

	if ((doctor_wants(doctor, service) ||
		doctor_wants(doctor, "proftpd")) &&
	    pamstack_read(&stack, service, NULL, &why) == ERR_OK &&
	    !doctor_host(doctor, &host, &stack))
		report_fix(&doctor->report,
		    "in %s: %s proftpd; then systemctl restart proftpd",
		    PROFTPD_CONFIG, name->setting);
	pamstack_free(&stack);
}

/*
 * Whether it asks PAM at all. mod_auth_pam knows no users: a list of modules
 * with nothing else lets nobody in. (Seen with proftpd 1.3.8.)
 */
static void
judge_order(struct doctor *doctor)
{
	char values[PROFTPD_VALUES_SIZE];
	struct report *report = &doctor->report;
	struct setting place;

	if (proftpd_config_is_off("AuthPAM", &place)) {
		report_add(report, REPORT_WRONG,
		    "%s:%zu: AuthPAM %s: proftpd does not ask PAM", place.file,
		    place.number, place.value);
		report_fix(report,
		    "%s:%zu should be: AuthPAM on; then systemctl restart "
		    "proftpd",
		    place.file, place.number);
	}
	if (!proftpd_config_read("AuthOrder", &place, values) ||
	    (strstr(values, "mod_auth_pam.c") != NULL &&
		strchr(values, ' ') != NULL))
		return;
	report_add(report, REPORT_WRONG,
	    strstr(values, "mod_auth_pam.c") == NULL
		? "%s:%zu: AuthOrder lacks mod_auth_pam.c: proftpd does not "
		  "ask PAM"
		: "%s:%zu: AuthOrder has mod_auth_pam.c alone, which knows no "
		  "users: nobody logs in",
	    place.file, place.number);
	report_fix(report,
	    "%s:%zu should be: AuthOrder mod_auth_pam.c* mod_auth_unix.c; then "
	    "systemctl restart proftpd",
	    place.file, place.number);
}

/* The service as which it asks PAM by FTP takes tokens, and is of interest. */
static bool
matters(const struct doctor *doctor, const struct name *name)
{
	struct setting setting;
	const char *service = proftpd_config_find(name->setting, &setting)
	    ? setting.value
	    : name->usual;

	return (doctor_wants(doctor, service) ||
		   doctor_wants(doctor, "proftpd")) &&
	    pamconf_takes_tokens(service);
}

/* Whether it also serves sftp (mod_sftp), and asks PAM for it. */
static bool
serves_sftp(void)
{
	struct setting setting;

	return proftpd_config_find("SFTPEngine", &setting) &&
	    strcasecmp(setting.value, "off") != 0;
}

void
doctor_proftpd(struct doctor *doctor)
{
	static const struct name FTP = {"AuthPAMConfig", "proftpd"};
	static const struct name SFTP = {"SFTPPAMServiceName", "sshd"};

	report_set_area(&doctor->report, "proftpd");
	if (access(PROGRAM, X_OK) != 0)
		return;
	judge_name(doctor, &FTP);
	if (matters(doctor, &FTP))
		judge_order(doctor);
	if (serves_sftp())
		judge_name(doctor, &SFTP);
}
