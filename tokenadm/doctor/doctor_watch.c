/* doctor: whether tokenadm watch runs, or what it does is done. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "doctor/subprocess.h"
#include "lifecycle/unused.h"
#include "store/store.h"
#include "store/usage_beat.h"

#define UNIT "apitoken-watch.service"
#define SELF "/proc/self/exe"

enum watch {
	WATCH_NONE,
	WATCH_OLD, /* from a file replaced since */
	WATCH_RUNS,
};

/* Whether its command line is `.../tokenadm [OPTIONS] watch`. */
static bool
is_called_watch(int process)
{
	char text[4096];
	int fd = openat(process, "cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t len;
	size_t at;

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

/* Whether its program is a replaced version of our own file. */
static bool
is_replaced(int process)
{
	static const char MARK[] = " (deleted)";
	char ours[PATH_MAX], theirs[PATH_MAX];
	ssize_t our_len = readlink(SELF, ours, sizeof(ours));
	ssize_t len = readlinkat(process, "exe", theirs, sizeof(theirs));

	return our_len > 0 && len == our_len + (ssize_t)strlen(MARK) &&
	    memcmp(ours, theirs, (size_t)our_len) == 0 &&
	    memcmp(theirs + our_len, MARK, strlen(MARK)) == 0;
}

/* Command lines can be faked: it has to be root's, and run this program. */
static enum watch
judge_process(int process)
{
	struct stat owner, ours, theirs;

	if (fstat(process, &owner) != 0 || owner.st_uid != 0 ||
	    !is_called_watch(process))
		return WATCH_NONE;
	if (stat(SELF, &ours) == 0 &&
	    fstatat(process, "exe", &theirs, 0) == 0 &&
	    ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
		return WATCH_RUNS;
	return is_replaced(process) ? WATCH_OLD : WATCH_NONE;
}

static enum watch
find_watch(void)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	enum watch found = WATCH_NONE;

	while (found != WATCH_RUNS && processes != NULL &&
	    (entry = readdir(processes)) != NULL) {
		enum watch one = WATCH_NONE;
		int process = -1;

		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			process = openat(dirfd(processes), entry->d_name,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (process < 0)
			continue;
		one = judge_process(process);
		(void)close(process);
		if (one > found)
			found = one;
	}
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

	return subprocess_run(argv, said, sizeof(said), &status, &why) ==
	    ERR_OK &&
	    status == 0;
}

/* What shows that sweeps run, whoever starts them, is the beat. */
static void
look_at_unused(struct doctor *doctor)
{
	const struct config *config = &doctor->context->config;
	int64_t last;

	if (unused_least(config) == TIME_NEVER || !doctor->reads_tokens)
		return;
	last = usage_beat_last(config, store_deadline(config));
	if (last != 0 && doctor->context->now - last <= USAGE_CLOCK_GAP)
		return;
	report_add(&doctor->report, REPORT_WARNING,
	    "max_unused is set, but there was no sweep in the last two days: "
	    "unused tokens do not end");
	report_fix(&doctor->report, "tokenadm sweep, every day, or watch");
}

void
doctor_watch(struct doctor *doctor)
{
	bool has_systemd = access("/run/systemd/system", F_OK) == 0;
	enum watch found = find_watch();

	report_set_area(&doctor->report, "watch");
	look_at_unused(doctor);
	if (found == WATCH_OLD) {
		report_add(&doctor->report, REPORT_WARNING,
		    "runs a version from before an upgrade: restart it");
		if (has_systemd)
			report_fix(&doctor->report, "systemctl restart " UNIT);
		return;
	}
	if (found == WATCH_RUNS || (has_systemd && is_unit_active())) {
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
