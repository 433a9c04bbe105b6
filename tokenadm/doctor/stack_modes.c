/* doctor: whether only root can write the files of a stack. */
#include "doctor/stack_modes.h"

#include <string.h>
#include <sys/stat.h>

static bool
is_first_of_file(const struct pamstack *stack, size_t which)
{
	for (size_t i = 0; i < which; i++) {
		if (strcmp(stack->entries[i].file,
			stack->entries[which].file) == 0)
			return false;
	}
	return true;
}

static void
judge_file(struct report *report, const char *file)
{
	struct stat status;

	if (stat(file, &status) != 0)
		return;
	if (status.st_uid != 0) {
		report_add(report, REPORT_WRONG,
		    "%s: owned by uid %lu, who can let in anybody", file,
		    (unsigned long)status.st_uid);
		report_fix(report, "chown root %s", file);
	}
	if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		report_add(report, REPORT_WRONG,
		    "%s: mode %04o lets others write, who can let in anybody",
		    file, status.st_mode & 07777U);
		report_fix(report, "chmod go-w %s", file);
	}
}

void
stack_modes_judge(struct report *report, const struct pamstack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		if (is_first_of_file(stack, i))
			judge_file(report, stack->entries[i].file);
	}
}
