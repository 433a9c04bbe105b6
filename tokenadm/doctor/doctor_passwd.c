/* doctor: whether a deletion from /etc/passwd would be noticed. */
#include "account/passwd_files.h"
#include "doctor/doctor.h"

static enum err
pass_over(const char *name, const struct passwd *entry, void *arg)
{
	(void)name;
	(void)entry;
	(void)arg;
	return ERR_OK;
}

void
doctor_passwd(struct doctor *doctor)
{
	struct passwd_files_passwd file;
	struct error why = {""};

	report_set_area(&doctor->report, "passwd");
	if (passwd_files_passwd(pass_over, NULL, &file, &why) != ERR_OK) {
		report_error(&doctor->report, REPORT_WRONG, &why);
	} else if (!file.is_whole) {
		passwd_files_explain(&file, &why);
		report_error(&doctor->report, REPORT_WRONG, &why);
	} else {
		report_add(&doctor->report, REPORT_OK,
		    "/etc/passwd: every line makes sense");
	}
}
