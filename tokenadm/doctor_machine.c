/* doctor: kernel, clock, /run, and who watches over accounts. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "capture.h"
#include "confinement.h"
#include "doctor.h"
#include "rundir.h"

#define DAY 86400
#define ANY_UID 1 /* not root */
#define UNIT "apitoken-watch.service"

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

/* Judges a part of /run/apitoken; returns whether there was nothing to say. */
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

/* Whether it is `.../tokenadm watch`, with options before the command. */
static bool
is_watch(const char *pid)
{
	char path[64], text[4096];
	ssize_t len;
	size_t at;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%.20s/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	at = strlen(text);
	if (at < 8 || strcmp(text + at - 8, "tokenadm") != 0)
		return false;
	for (at++; at < (size_t)len; at += strlen(text + at) + 1) {
		if (strcmp(text + at, "watch") == 0)
			return true;
	}
	return false;
}

static bool
is_watched(void)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	bool found = false;

	while (
	    !found && processes != NULL && (entry = readdir(processes)) != NULL)
		found = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    is_watch(entry->d_name);
	if (processes != NULL)
		(void)closedir(processes);
	return found;
}

static bool
is_unit_active(void)
{
	const char *const argv[] = {
	    "/usr/bin/systemctl", "is-active", UNIT, NULL};
	char said[256];
	struct error why;
	int status = -1;

	return capture_run(argv, said, sizeof(said), &status, &why) == ERR_OK &&
	    status == 0;
}

static void
judge_watch(struct doctor *doctor)
{
	bool has_systemd = access("/run/systemd/system", F_OK) == 0;

	report_set_area(&doctor->report, "watch");
	if (is_watched() || (has_systemd && is_unit_active())) {
		report_add(&doctor->report, REPORT_OK, "runs");
		return;
	}
	report_add(&doctor->report, REPORT_WARNING,
	    "tokenadm watch does not run%s: tokens of an account that is "
	    "disabled are deactivated at their next login only",
	    has_systemd ? "" : " (there is no systemd here)");
	if (has_systemd)
		report_fix(&doctor->report, "systemctl enable --now " UNIT);
	else
		report_fix(&doctor->report,
		    "start tokenadm watch with your services, or tokenadm "
		    "sweep from cron");
}

void
doctor_machine(struct doctor *doctor)
{
	judge_kernel(doctor);
	judge_clock(doctor);
	judge_run(doctor);
	judge_watch(doctor);
}
