/* doctor: the groups that policies require. */
#include "doctor/doctor.h"
#include "lifecycle/group_rule.h"

static void
judge_group(struct doctor *doctor, const char *group)
{
	struct error why = {""};

	if (group[0] == '\0')
		return;
	if (group_rule_look(group, &why) == ERR_OK)
		report_add(&doctor->report, REPORT_OK,
		    "group `%s`, required by the policy: is there", group);
	else
		report_add(&doctor->report, REPORT_WRONG,
		    "%s: every token is refused of those of whom it is "
		    "required",
		    why.text);
}

void
doctor_groups(struct doctor *doctor)
{
	const struct context *context = doctor->context;
	const struct policy_exception *one = context->config.exceptions;

	if (context->config_rc != ERR_OK)
		return;
	report_set_area(&doctor->report, "config");
	judge_group(doctor, context->config.policy.require_group);
	for (; one != NULL; one = one->next)
		judge_group(doctor, one->policy.require_group);
}
