#include "doctor/doctor_selinux.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "session/rundir.h"

#define ENFORCE "/sys/fs/selinux/enforce"
#define LABEL_MAX 256

/* A directory, the type of contrib/selinux, and one that does as well. */
struct place {
	const char *directory;
	const char *ours, *other;
};

/* Sets type to that of user:role:type:level, or to "" if there is none. */
static void
read_type(const char *path, char type[LABEL_MAX + 1])
{
	char label[LABEL_MAX + 1];
	ssize_t len = getxattr(path, "security.selinux", label, LABEL_MAX);

	type[0] = '\0';
	if (len < 0)
		return;
	label[len] = '\0';
	(void)sscanf(label, "%*[^:]:%*[^:]:%256[^:]", type);
}

/* Returns true if the label is one that services can use. */
static bool
judge_place(
    struct doctor *doctor, const struct place *place, enum report_state state)
{
	char type[LABEL_MAX + 1];

	if (access(place->directory, F_OK) != 0)
		return true;
	read_type(place->directory, type);
	if (strcmp(type, place->ours) == 0 || strcmp(type, place->other) == 0)
		return true;
	report_add(&doctor->report, state,
	    "%s: labelled %s, and not %s: a service that SELinux confines "
	    "refuses every token",
	    place->directory, type[0] != '\0' ? type : "by nothing",
	    place->ours);
	report_fix(&doctor->report,
	    "restorecon -RFv %s, with the policy module of contrib/selinux "
	    "loaded",
	    place->directory);
	return false;
}

/* Whether SELinux is on, and what it does about a denial. */
static bool
is_on(bool *enforces)
{
	FILE *file = fopen(ENFORCE, "re");
	int digit = file != NULL ? fgetc(file) : EOF;

	if (file != NULL)
		(void)fclose(file);
	*enforces = digit == '1';
	return digit != EOF;
}

static void
parent_of(const char *path, char parent[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	int len = slash != NULL && slash != path ? (int)(slash - path) : 0;

	(void)snprintf(parent, PATH_MAX, "%.*s", len, path);
}

void
doctor_selinux(struct doctor *doctor)
{
	const struct config *config = &doctor->context->config;
	char key[PATH_MAX];
	const struct place places[] = {
	    {key, "apitoken_key_t", "etc_t"},
	    {config->directory, "apitoken_var_lib_t", "var_auth_t"},
	    {RUNDIR, "apitoken_runtime_t", "pam_var_run_t"},
	};
	bool enforces, is_well = true;

	if (!is_on(&enforces))
		return;
	parent_of(config->key, key);
	report_set_area(&doctor->report, "selinux");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		is_well &= judge_place(doctor, &places[i],
		    enforces ? REPORT_WRONG : REPORT_WARNING);
	if (is_well)
		report_add(&doctor->report, REPORT_OK,
		    "%s, and the labels are those of contrib/selinux",
		    enforces ? "enforcing" : "permissive");
}
