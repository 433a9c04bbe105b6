/* doctor: the options of the module's lines, and whether lines agree. */
#include <string.h>

#include "base/list.h"
#include "config/services.h"
#include "confine/confine_rule.h"
#include "doctor/doctor.h"
#include "pam/own_lines.h"
#include "pam/pamconf.h"

struct lines {
	struct doctor *doctor;
	const char *service;
	const struct pamstack_entry *entry[PAMLINE_TYPES];
	struct module_options options[PAMLINE_TYPES];
	bool is_known[PAMLINE_TYPES]; /* the line exists and parses */
};

static void
read_line(
    struct lines *lines, enum pamline_type type, const struct pamstack *stack)
{
	const struct pamstack_entry *entry = own_lines_find(stack, type);
	struct report *report = &lines->doctor->report;
	struct error why = {""};

	lines->entry[type] = entry;
	if (entry == NULL)
		return;
	lines->is_known[type] = module_options_parse(&lines->options[type],
				    entry->line.argc, entry->line.argv,
				    &why) == ERR_OK;
	if (lines->is_known[type])
		return;
	report_add(report, REPORT_WRONG, "%s:%zu: %s; every token is refused",
	    entry->file, entry->number, why.text);
	report_fix(report,
	    "take it out of the line, or mend it: "
	    "pam_apitoken(8), DESCRIPTION");
}

/* Without confine=, a token can write although it has no such scope. */
static void
judge_unconfined(struct lines *lines)
{
	struct report *report = &lines->doctor->report;
	const struct pamstack_entry *auth = lines->entry[PAMLINE_AUTH];

	if (list_has(lines->options[PAMLINE_AUTH].need, "write"))
		return;
	report_add(report, REPORT_WARNING,
	    "%s:%zu: need=%s: tokens without write are not confined here: they "
	    "can write",
	    auth->file, auth->number, lines->options[PAMLINE_AUTH].need);
	report_fix(report,
	    "take need= out of the line, or see pam_apitoken(8), confine=");
}

/* What the module itself rejects. */
static void
judge_mode(struct lines *lines, enum confine_mode mode)
{
	struct report *report = &lines->doctor->report;
	const struct config *config = &lines->doctor->context->config;
	const struct pamstack_entry *auth = lines->entry[PAMLINE_AUTH];
	char program[PATH_MAX];
	enum confine_mode known;
	struct error why;

	if (!pamconf_find_program(lines->service, program) ||
	    confine_check_program(config, program, mode, &why) == ERR_OK)
		return;
	report_add(report, REPORT_WRONG, "%s:%zu: %s", auth->file, auth->number,
	    why.text);
	known = confine_known_mode(program);
	if (known == CONFINE_NEVER)
		report_fix(report, "take confine= out of both lines");
	else
		report_fix(report,
		    "sed -i --follow-symlinks '/pam_apitoken/s/%s/%s/' %s",
		    confine_mode_text(mode), confine_mode_text(known),
		    auth->file);
}

/* Whether auth and session line say the same. */
static void
compare_modes(struct lines *lines)
{
	struct report *report = &lines->doctor->report;
	const struct pamstack_entry *auth = lines->entry[PAMLINE_AUTH];
	enum confine_mode mode = lines->options[PAMLINE_AUTH].confine;
	enum confine_mode other = lines->options[PAMLINE_SESSION].confine;

	if (!lines->is_known[PAMLINE_AUTH] ||
	    !lines->is_known[PAMLINE_SESSION] || mode == other)
		return;
	report_add(report, REPORT_WRONG,
	    "the auth line has %s and the session line %s",
	    confine_mode_text(mode), confine_mode_text(other));
	report_fix(report, "give both lines the same: %s:%zu, %s:%zu",
	    auth->file, auth->number, lines->entry[PAMLINE_SESSION]->file,
	    lines->entry[PAMLINE_SESSION]->number);
}

static void
judge_confine(struct lines *lines)
{
	struct doctor *doctor = lines->doctor;
	struct report *report = &doctor->report;
	const struct config *config = &doctor->context->config;
	const struct pamstack_entry *auth = lines->entry[PAMLINE_AUTH];
	enum confine_mode mode = lines->options[PAMLINE_AUTH].confine;

	compare_modes(lines);
	if (!lines->is_known[PAMLINE_AUTH])
		return;
	if (mode == CONFINE_NEVER) {
		judge_unconfined(lines);
		return;
	}
	doctor->confines = true;
	judge_mode(lines, mode);
	if (lines->entry[PAMLINE_SESSION] == NULL) {
		report_add(report, REPORT_WRONG,
		    "the auth line has %s, and there is no session line: a "
		    "session is confined only if setcred reaches the auth line",
		    confine_mode_text(mode));
		report_fix(report,
		    "add that of pam_apitoken(8), STACKS, with %s",
		    confine_mode_text(mode));
	}
	if (!services_include(
		config->groups, config->confine.services, lines->service)) {
		report_add(report, REPORT_WRONG,
		    "%s does not count: [confine] does not list %s",
		    confine_mode_text(mode), lines->service);
		report_fix(report,
		    "in " CONFIG_FILE ", under [confine]: services = %s, %s",
		    config->confine.services, lines->service);
	}
	if (!auth->of_service)
		report_add(report, REPORT_WRONG,
		    "%s:%zu: %s in a file that other services include as well",
		    auth->file, auth->number, confine_mode_text(mode));
}

static void
judge_need(struct lines *lines, enum pamline_type type)
{
	const struct pamstack_entry *entry = lines->entry[type];
	const char *need = lines->options[PAMLINE_AUTH].need;

	if (!lines->is_known[type] || !lines->is_known[PAMLINE_AUTH] ||
	    !pamline_has(&entry->line, "need=") ||
	    strcmp(lines->options[type].need, need) == 0)
		return;
	report_add(&lines->doctor->report, REPORT_WARNING,
	    "%s:%zu: need=%s does not count here; the auth line needs %s",
	    entry->file, entry->number, lines->options[type].need, need);
	report_fix(&lines->doctor->report, "say need= on the auth line only");
}

static const char *
config_of(const struct lines *lines, enum pamline_type type)
{
	return config_file_name(lines->options[type].config);
}

/* Whether the line uses the store to which tokenadm issues tokens. */
static void
judge_config(struct lines *lines)
{
	const struct context *context = lines->doctor->context;
	struct report *report = &lines->doctor->report;
	const char *ours = config_file_name(context->config_file);
	const char *file = config_of(lines, PAMLINE_AUTH);
	struct config config;
	struct error why = {""};

	if (!lines->is_known[PAMLINE_AUTH] || strcmp(file, ours) == 0)
		return;
	if (config_read(&config, lines->options[PAMLINE_AUTH].config, &why) !=
	    ERR_OK) {
		report_error(report, REPORT_WRONG, &why);
	} else if (strcmp(config.directory, context->config.directory) != 0 ||
	    strcmp(config.key, context->config.key) != 0) {
		report_add(report, REPORT_WARNING,
		    "its store is %s, of %s; this looks at that of %s",
		    config.directory, file, ours);
		report_fix(report, "tokenadm --config %s doctor", file);
	}
	config_free(&config);
}

static void
judge_same_config(struct lines *lines, enum pamline_type type)
{
	const struct pamstack_entry *entry = lines->entry[type];

	if (!lines->is_known[type] || !lines->is_known[PAMLINE_AUTH] ||
	    strcmp(config_of(lines, type), config_of(lines, PAMLINE_AUTH)) == 0)
		return;
	report_add(&lines->doctor->report, REPORT_WRONG,
	    "%s:%zu: reads %s, and the auth line %s", entry->file,
	    entry->number, config_of(lines, type),
	    config_of(lines, PAMLINE_AUTH));
	report_fix(&lines->doctor->report, "give all lines the same config=");
}

void
doctor_options(
    struct doctor *doctor, const struct pamstack *stack, const char *service)
{
	struct lines lines = {.doctor = doctor, .service = service};

	for (int i = PAMLINE_AUTH; i <= PAMLINE_SESSION; i++)
		read_line(&lines, (enum pamline_type)i, stack);
	judge_confine(&lines);
	judge_config(&lines);
	for (int i = PAMLINE_ACCOUNT; i <= PAMLINE_SESSION; i++) {
		judge_need(&lines, (enum pamline_type)i);
		judge_same_config(&lines, (enum pamline_type)i);
	}
}
