/* doctor: the PAM service names that proftpd uses. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "doctor/proftpd_config.h"
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
	if (serves_sftp())
		judge_name(doctor, &SFTP);
}
