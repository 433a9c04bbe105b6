/* doctor: kernel, clock and /run. */
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "confine/confinement.h"
#include "doctor/doctor.h"
#include "doctor/doctor_selinux.h"
#include "session/rundir.h"

#define DAY 86400
#define ANY_UID 1 /* not root */

static void
judge_kernel(struct doctor *doctor)
{
	struct error why = {""};

	report_set_area(&doctor->report, "kernel");
	if (confinement_check(ANY_UID, &why) == ERR_OK)
		report_add(&doctor->report, REPORT_OK, "can confine sessions");
	else if (doctor->confines)
		report_add(&doctor->report, REPORT_WRONG,
		    "%s: tokens without write are refused where confine= "
		    "stands",
		    why.text);
	else
		report_add(&doctor->report, REPORT_OK,
		    "%s: sessions cannot be confined, and no service asks "
		    "for it",
		    why.text);
}

static void
judge_clock(struct doctor *doctor)
{
	int64_t now = doctor->context->now;
	struct stat status;

	report_set_area(&doctor->report, "clock");
	if (now + DAY < doctor->newest)
		report_add(&doctor->report, REPORT_WRONG,
		    "more than a day before the newest token was issued: that "
		    "one is refused");
	else if (stat("/proc/self/exe", &status) == 0 &&
	    now + DAY < status.st_mtime)
		report_add(&doctor->report, REPORT_WARNING,
		    "more than a day before tokenadm was installed");
	else {
		report_add(&doctor->report, REPORT_OK, "plausible");
		return;
	}
	report_fix(&doctor->report, "timedatectl set-ntp true");
}

static bool
is_read_only(const char *path)
{
	struct statvfs status;

	return statvfs(path, &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

/* Judges a part of /run/apitoken; returns true if there is no problem. */
static bool
judge_part(struct doctor *doctor, const char *part)
{
	struct error why = {""};
	int dir = -1;
	enum err rc = rundir_open(&dir, RUNDIR, part, RUNDIR_LOOK, &why);

	if (dir >= 0)
		(void)close(dir);
	if (rc == ERR_OK || rc == ERR_MISSING)
		return true;
	report_error(&doctor->report, REPORT_WRONG, &why);
	return false;
}

static void
judge_run(struct doctor *doctor)
{
	bool is_there = access(RUNDIR, F_OK) == 0;
	const char *path = is_there ? RUNDIR : RUNSTATEDIR;

	report_set_area(&doctor->report, "run");
	if (access(RUNSTATEDIR, F_OK) != 0 || is_read_only(path)) {
		report_add(&doctor->report, REPORT_WRONG,
		    "%s: cannot be written to: tokens are refused where auth "
		    "and session are not one process",
		    path);
		report_fix(&doctor->report,
		    "mount -t tmpfs -o mode=0755 tmpfs " RUNSTATEDIR);
	} else if (judge_part(doctor, RUNDIR_HANDOFF) &&
	    judge_part(doctor, RUNDIR_SESSIONS)) {
		report_add(&doctor->report, REPORT_OK, "%s%s", RUNDIR,
		    is_there ? "" : ": made when it is needed");
	}
}

void
doctor_machine(struct doctor *doctor)
{
	judge_kernel(doctor);
	judge_clock(doctor);
	judge_run(doctor);
	doctor_selinux(doctor);
	doctor_watch(doctor);
}
