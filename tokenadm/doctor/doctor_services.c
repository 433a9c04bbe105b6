/* doctor: the stacks in /etc/pam.d. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "doctor/doctor_profiles.h"
#include "doctor/limited_tokens.h"
#include "doctor/missing_modules.h"
#include "doctor/door_access.h"
#include "doctor/service_runner.h"
#include "doctor/similar_service.h"
#include "doctor/stack_advice.h"
#include "doctor/stack_modes.h"
#include "doctor/told_address.h"
#include "pam/own_lines.h"
#include "pam/pam_modules.h"
#include "pam/pamconf.h"

#define PROFILE "/usr/share/pam-configs/apitoken"

static bool
has_returns_in(const struct pamstack *stack)
{
	for (size_t i = 0; i < stack->problem_count; i++) {
		if (stack->problems[i].has_returns)
			return true;
	}
	return false;
}

/* Returns true if further checks are useless: all else follows from this. */
static bool
report_problems(struct doctor *doctor, const struct pamstack *stack)
{
	bool has_returns = has_returns_in(stack);

	for (size_t i = 0; i < stack->problem_count; i++) {
		const struct pamstack_problem *one = &stack->problems[i];

		if (has_returns && !one->has_returns)
			continue;
		if (one->number != 0)
			report_add(&doctor->report, REPORT_WRONG, "%s:%zu: %s",
			    one->file, one->number, one->text.text);
		else
			report_add(&doctor->report, REPORT_WRONG, "%s: %s",
			    one->file, one->text.text);
		if (!one->has_returns)
			continue;
		report_fix(&doctor->report,
		    "sed -i --follow-symlinks 's/\\r$//' %s", one->file);
	}
	if (stack->is_refused && !has_returns)
		report_add(&doctor->report, REPORT_WRONG,
		    "PAM cannot put this stack together: nobody logs in");
	return has_returns;
}

static void
report_missing(struct doctor *doctor, const struct pamstack *stack,
    enum pamline_type type, const char *consequence)
{
	if (own_lines_find(stack, type) != NULL)
		return;
	report_add(&doctor->report, REPORT_WRONG,
	    "no %s line of pam_apitoken: %s", pamline_type_name(type),
	    consequence);
	report_fix(&doctor->report, "add that of pam_apitoken(8), STACKS");
}

/*
 * If the lines come from shared files, a service that includes only some of
 * them need not have all lines.
 */
static void
report_all_missing(struct doctor *doctor, const struct pamstack *stack)
{
	bool is_shared = !own_lines_is_file(stack);

	if (!is_shared)
		report_missing(
		    doctor, stack, PAMLINE_AUTH, "tokens are not looked at");
	if (!is_shared || own_lines_find(stack, PAMLINE_AUTH) != NULL)
		report_missing(doctor, stack, PAMLINE_ACCOUNT,
		    "a token that ends during the login still logs in");
	if (!is_shared)
		report_missing(doctor, stack, PAMLINE_SESSION,
		    "its sessions are not listed, and do not learn its id");
}

static void
report_lines(struct doctor *doctor, const struct pamstack *stack)
{
	const struct pamstack_entry *auth = own_lines_find(stack, PAMLINE_AUTH);
	char text[ERROR_TEXT_MAX] = "";
	size_t len = 0;

	for (int i = 0; i < auth->line.argc && len < sizeof(text); i++)
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, " %s", auth->line.argv[i]);
	report_add(&doctor->report, REPORT_OK, "%s:%zu: takes tokens%s%s",
	    auth->file, auth->number, text[0] != '\0' ? ", with" : "", text);
}

/* A module that is named by a full path. */
static void
report_elsewhere(struct doctor *doctor, const struct pamstack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry *entry = &stack->entries[i];
		const char *path = entry->line.path;

		if (!pamstack_is(entry, STACK_MODULE) || path[0] != '/' ||
		    strcmp(path, PAM_DIR "/pam_apitoken.so") == 0)
			continue;
		if (access(path, R_OK) != 0)
			report_add(&doctor->report, REPORT_WRONG,
			    "%s:%zu: %s is missing", entry->file, entry->number,
			    path);
		else
			report_add(&doctor->report, REPORT_WARNING,
			    "%s:%zu: loads %s, and not " PAM_DIR
			    "/pam_apitoken.so",
			    entry->file, entry->number, path);
		report_fix(&doctor->report, "write pam_apitoken.so there");
	}
}

/*
 * One of the two is too many, and its jump does not count the other. Returns
 * true if that was reported: all else follows from it.
 */
static bool
report_second(struct doctor *doctor, const struct pamstack *stack)
{
	const struct pamstack_entry *second = own_lines_find_second(stack);

	if (second == NULL)
		return false;
	if (strstr(second->file, "/common-") != NULL &&
	    access(PROFILE, F_OK) == 0) {
		report_add(&doctor->report, REPORT_WRONG,
		    "%s has the module, and the profile in %s has it as well",
		    stack->file, second->file);
		report_fix(
		    &doctor->report, "pam-auth-update --disable apitoken");
		return true;
	}
	report_add(&doctor->report, REPORT_WRONG,
	    "%s has the module, and %s, which it includes, has it as well",
	    stack->file, second->file);
	report_fix(&doctor->report, "remove the lines of one of them");
	return true;
}

/* Not a fault, but a common reason for refusals; of a token there is, more. */
static void
tell_address(struct doctor *doctor, const char *service)
{
	struct error how = {""};
	enum told_address told = told_address(service, &how);
	struct doctor_name name;
	bool is_there;

	if (told != TOLD_NAME && told != TOLD_NOTHING)
		return;
	is_there = limited_tokens_find(doctor, service, &name);
	report_add(&doctor->report, is_there ? REPORT_WARNING : REPORT_NOTE,
	    "%s: tokens that are limited to addresses are refused", how.text);
	if (is_there)
		report_fix(&doctor->report,
		    "%stokenadm edit %s --from any, as that of %s is limited",
		    told == TOLD_NAME ? "turn that off, or " : "", name.id,
		    name.user);
}

static const struct doctor_name *
find_name(const struct doctor *doctor, const char *service)
{
	for (size_t i = 0; i < doctor->name_count; i++) {
		if (strcmp(doctor->names[i].service, service) == 0)
			return &doctor->names[i];
	}
	return NULL;
}

/*
 * If a service takes no tokens, that is wrong where somebody expects it. With
 * the lines in files of all services, it is right for a program of people, and
 * a warning for a server.
 */
static enum report_state
how_bad(const struct doctor *doctor, const struct pamstack *stack,
    const char *service, const struct service_runner *runner)
{
	if (doctor->service != NULL || own_lines_is_file(stack) ||
	    find_name(doctor, service) != NULL)
		return REPORT_WRONG;
	return runner->is_personal ? REPORT_OK : REPORT_WARNING;
}

/* What keeps a service from the door. */
static void
advise_door(struct doctor *doctor, const char *service,
    const struct service_runner *runner, const struct door_access *access)
{
	struct report *report = &doctor->report;

	if (!access->answers)
		report_fix(report, "systemctl enable --now apitoken-door");
	if (!access->is_admitted)
		report_fix(report, "add `%s: %s` to callers, [door] in %s",
		    runner->account[0] != '\0' ? runner->account : "ACCOUNT",
		    service, config_file_name(doctor->context->config_file));
}

/* Whether the module can take tokens there at all. */
static bool
report_runner(
    struct doctor *doctor, const struct pamstack *stack, const char *service)
{
	struct service_runner runner;
	struct door_access access;
	enum report_state state;
	struct error how;

	if (own_lines_find(stack, PAMLINE_AUTH) == NULL ||
	    !service_runner(service, doctor->search, &runner, &how))
		return true;
	door_access_look(&access, &doctor->context->config, service, &runner);
	if (access.answers && access.is_admitted)
		return true;
	state = how_bad(doctor, stack, service, &runner);
	report_add(&doctor->report, state,
	    "takes no tokens: %s, and %s: every token is refused", how.text,
	    access.answers ? "is not among the callers of [door]"
			   : "no door answers");
	if (state != REPORT_OK)
		advise_door(doctor, service, &runner, &access);
	return false;
}

static void
judge_wired(
    struct doctor *doctor, const struct pamstack *stack, const char *service)
{
	size_t before;
	bool is_fit;

	if (report_problems(doctor, stack) || report_second(doctor, stack))
		return;
	is_fit = report_runner(doctor, stack, service);
	before = doctor->report.count;
	missing_modules_report(&doctor->report, stack);
	stack_modes_judge(&doctor->report, stack);
	if (!stack->is_refused)
		report_all_missing(doctor, stack);
	stack_judge(&doctor->report, stack);
	doctor_profiles(&doctor->report, stack, before);
	doctor_options(doctor, stack, service);
	report_elsewhere(doctor, stack);
	if (!is_fit)
		return;
	tell_address(doctor, service);
	if (report_has_trouble(&doctor->report, before))
		return;
	/* With the lines in files of all services, nobody expects more. */
	if (own_lines_find(stack, PAMLINE_AUTH) == NULL)
		report_add(&doctor->report,
		    doctor->service != NULL ? REPORT_WRONG : REPORT_OK,
		    "takes no tokens: its auth lines lack pam_apitoken");
	else
		report_lines(doctor, stack);
}

static void
advise_wiring(struct report *report)
{
	if (access(PROFILE, F_OK) == 0)
		report_fix(report,
		    "pam-auth-update --enable apitoken (for all services), or "
		    "add the lines of pam_apitoken(8), STACKS");
	else
		report_fix(report, "add the lines of pam_apitoken(8), STACKS");
}

static void
report_no_stack(struct report *report, const char *service, bool is_asked)
{
	char hint[SIMILAR_HINT_SIZE];

	similar_service(service, hint);
	report_add(report, is_asked ? REPORT_WRONG : REPORT_WARNING,
	    "no such service: there is no /etc/pam.d/%s%s", service, hint);
}

/* A service that takes no tokens, though somebody expects it to. */
static void
judge_unwired(
    struct doctor *doctor, const struct pamstack *stack, const char *service)
{
	const struct doctor_name *name = find_name(doctor, service);
	struct report *report = &doctor->report;
	bool is_asked = doctor->service != NULL;

	if (is_asked && report_problems(doctor, stack))
		return;
	missing_modules_report(&doctor->report, stack);
	if (!stack->has_file)
		report_no_stack(report, service, is_asked);
	else
		report_add(report, is_asked ? REPORT_WRONG : REPORT_WARNING,
		    "takes no tokens: pam_apitoken is not in %s", stack->file);
	if (name != NULL)
		report_fix(report,
		    "token %s of %s is issued for it; tokenadm edit %s "
		    "--service NAME, or add the lines of pam_apitoken(8), "
		    "STACKS",
		    name->id, name->user, name->id);
	else if (stack->has_file)
		advise_wiring(report);
}

static void
judge_service(struct doctor *doctor, const char *service)
{
	struct pamstack stack;
	struct error why = {""};
	enum err rc;

	report_set_area(&doctor->report, "service %s", service);
	rc = pamstack_read(&stack, service, NULL, &why);
	modules_note_missing(&stack);
	if (rc != ERR_OK)
		report_error(&doctor->report, REPORT_WRONG, &why);
	else if (strcmp(service, CONFIG_OWN_SERVICE) == 0)
		report_add(&doctor->report, REPORT_OK,
		    "takes no tokens: it asks who issues one to himself");
	else if (stack.has_file && own_lines_are_there(&stack))
		judge_wired(doctor, &stack, service);
	else if (doctor->service != NULL || find_name(doctor, service) != NULL)
		judge_unwired(doctor, &stack, service);
	pamstack_free(&stack);
}

static void
visit(const char *service, void *arg)
{
	judge_service(arg, service);
}

static void
judge_none(struct doctor *doctor)
{
	char services[RECORD_SERVICES_MAX + 1];

	pamconf_services(services);
	if (services[0] != '\0')
		return;
	report_set_area(&doctor->report, "services");
	report_add(&doctor->report, REPORT_WARNING,
	    "no service has pam_apitoken in its stack: none takes tokens");
	advise_wiring(&doctor->report);
}

void
doctor_services(struct doctor *doctor)
{
	if (doctor->service != NULL) {
		judge_service(doctor, doctor->service);
		return;
	}
	pamconf_each(visit, doctor);
	judge_none(doctor);
	for (size_t i = 0; i < doctor->name_count; i++) {
		if (!pamconf_has_stack(doctor->names[i].service))
			judge_service(doctor, doctor->names[i].service);
	}
}
