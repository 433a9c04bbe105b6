#include "doctor/doctor_profiles.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/textfile.h"
#include "pam/own_lines.h"

#define PROFILES "/usr/share/pam-configs"
#define OWN "apitoken"
#define SHARED "/etc/pam.d/common-"

struct profile {
	char name[NAME_MAX + 1];
	long priority;
	bool has_module;
};

/* Reads a profile's priority, and whether it names the module. */
static bool
read_profile(const char *name, const char *module, struct profile *profile)
{
	static const char PRIORITY[] = "Priority:";
	char path[sizeof(PROFILES) + NAME_MAX + 1], *line = NULL;
	size_t size = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), PROFILES "/%s", name);
	file = textfile_open(path);
	if (file == NULL)
		return false;
	*profile = (struct profile){0};
	(void)snprintf(profile->name, sizeof(profile->name), "%s", name);
	while (getline(&line, &size, file) > 0) {
		if (strncmp(line, PRIORITY, sizeof(PRIORITY) - 1) == 0)
			profile->priority = strtol(
			    line + sizeof(PRIORITY) - 1, NULL, 10);
		if (strstr(line, module) != NULL)
			profile->has_module = true;
	}
	free(line);
	(void)fclose(file);
	return true;
}

static int
is_profile(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, OWN) != 0;
}

/* The profile that has put the module there. */
static bool
find_profile(const char *module, struct profile *profile)
{
	struct dirent **entries = NULL;
	int count = scandir(PROFILES, &entries, is_profile, alphasort);
	bool is_found = false;

	for (int i = 0; i < count; i++) {
		if (!is_found)
			is_found = read_profile(
				       entries[i]->d_name, module, profile) &&
			    profile->has_module;
		free(entries[i]);
	}
	free(entries);
	return is_found;
}

/* The first profile with a line before ours in the same file. */
static bool
find_before(const struct pamstack *stack, const struct pamstack_entry *own,
    struct profile *profile)
{
	const struct pamstack_entry *entry;

	for (entry = stack->entries; entry < own; entry++) {
		if (entry->line.type == own->line.type &&
		    entry->file == own->file &&
		    entry->line.kind == PAMLINE_MODULE &&
		    find_profile(pamstack_module(entry), profile))
			return true;
	}
	return false;
}

static void
set_fix(struct report_finding *finding, const struct profile *before,
    const struct profile *own)
{
	if (before->priority >= own->priority)
		(void)snprintf(finding->fix.text, sizeof(finding->fix.text),
		    "the profile %s has Priority %ld, and ours %ld: let it be "
		    "higher in " PROFILES "/" OWN
		    ", then pam-auth-update --package",
		    before->name, before->priority, own->priority);
	else
		(void)snprintf(finding->fix.text, sizeof(finding->fix.text),
		    "pam-auth-update --package (ours has Priority %ld, and %s "
		    "%ld)",
		    own->priority, before->name, before->priority);
}

void
doctor_profiles(
    struct report *report, const struct pamstack *stack, size_t from)
{
	struct profile own, before;

	if (!read_profile(OWN, "", &own))
		return;
	for (int type = PAMLINE_AUTH; type <= PAMLINE_ACCOUNT; type++) {
		const struct pamstack_entry *line = own_lines_find(
		    stack, (enum pamline_type)type);
		char place[PATH_MAX];
		int len;

		if (line == NULL ||
		    strncmp(line->file, SHARED, sizeof(SHARED) - 1) != 0 ||
		    !find_before(stack, line, &before))
			continue;
		len = snprintf(
		    place, sizeof(place), "%s:%zu:", line->file, line->number);
		for (size_t i = from; i < report->count; i++) {
			struct report_finding *one = &report->findings[i];

			if (one->state != REPORT_OK &&
			    strncmp(one->text.text, place, (size_t)len) == 0)
				set_fix(one, &before, &own);
		}
	}
}
