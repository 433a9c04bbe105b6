#include "doctor/missing_modules.h"

#include <security/pam_appl.h>
#include <string.h>

#include "pam/own_lines.h"

/* A line with module_unknown=ignore does not need its module. */
static bool
is_content_without(const struct pamstack_entry *entry)
{
	const int *actions = entry->line.actions;

	return entry->line.may_lack ||
	    (actions[PAM_MODULE_UNKNOWN] == PAMLINE_DO_IGNORE &&
		actions[PAM_SYSTEM_ERR] != PAMLINE_DO_IGNORE);
}

/*
 * An optional line in what a package has installed: its module is in a package
 * that is not, and nobody mistyped it. (Debian's systemd-user has pam_systemd.)
 */
static bool
is_left_out(const struct pamstack_entry *entry)
{
	return entry->line.actions[PAM_MODULE_UNKNOWN] == PAMLINE_DO_IGNORE &&
	    strncmp(entry->file, "/etc/", 5) != 0;
}

static void
report_no_module(struct report *report, const struct pamstack_entry *entry)
{
	if (is_left_out(entry)) {
		report_add(report, REPORT_NOTE,
		    "%s:%zu: %s: not installed, and optional here", entry->file,
		    entry->number, entry->line.path);
		return;
	}
	report_add(report, REPORT_WRONG, "%s:%zu: %s: no such module",
	    entry->file, entry->number, entry->line.path);
	report_fix(report,
	    "install it, or mend its name; a line that may lack its module "
	    "begins with -%s",
	    pamline_type_name(entry->line.type));
}

void
missing_modules_report(struct report *report, const struct pamstack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry *entry = &stack->entries[i];

		if (!entry->is_missing || is_content_without(entry) ||
		    pamstack_is(entry, STACK_MODULE))
			continue;
		report_no_module(report, entry);
	}
}
