/* doctor: the config, the store and its key, and the names in its tokens. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/list.h"
#include "base/safe_file.h"
#include "check/check.h"
#include "doctor/doctor.h"
#include "tokens/token_pages.h"

/* Of a larger store only the head is read; all of it would take seconds. */
#define READ_MOST ((uint64_t)64 << 20)
#define SHOWN 5 /* damage findings; `check` shows the rest */

void
doctor_config(struct doctor *doctor)
{
	const struct context *context = doctor->context;
	const char *file = config_file_name(context->config_file);

	report_set_area(&doctor->report, "config");
	if (context->config_rc != ERR_OK) {
		report_error(
		    &doctor->report, REPORT_WRONG, &context->config_error);
		return;
	}
	report_add(&doctor->report, REPORT_OK, "%s%s", file,
	    access(file, F_OK) == 0 ? "" : ": missing, the defaults apply");
}

/* Findings about the key are shown under "key". */
static void
set_area_of(struct doctor *doctor, const char *text)
{
	const char *key = doctor->context->config.key;

	report_set_area(&doctor->report, "%s",
	    strncmp(text, key, strlen(key)) == 0 ? "key" : "store");
}

static void
report_trouble(
    struct doctor *doctor, enum report_state state, const struct error *why)
{
	set_area_of(doctor, why->text);
	report_error(&doctor->report, state, why);
}

static bool
is_new_machine(const struct config *config)
{
	return safe_is_absent(config->directory) && safe_is_absent(config->key);
}

/* A check that failed before it could look at the database. */
static void
report_failure(struct doctor *doctor, const struct check_report *look,
    enum err rc, const struct error *why)
{
	const struct config *config = &doctor->context->config;

	if (look->is_interrupted) {
		report_set_area(&doctor->report, "store");
		report_add(&doctor->report, REPORT_WARNING,
		    "%s: a writer was killed; the next login or command "
		    "undoes what it left",
		    config->directory);
		report_fix(&doctor->report, "tokenadm check");
	} else if (rc == ERR_MISSING && is_new_machine(config)) {
		report_set_area(&doctor->report, "store");
		report_add(&doctor->report, REPORT_WARNING,
		    "%s: no token database yet", config->directory);
		report_fix(&doctor->report, "tokenadm init");
	} else {
		report_trouble(doctor, REPORT_WRONG, why);
	}
}

static void
report_findings(struct doctor *doctor, const struct findings *findings)
{
	for (size_t i = 0; i < findings->kept && i < SHOWN; i++) {
		struct error why;

		(void)error_set(&why, ERR_DAMAGED, "%s", findings->lines[i]);
		report_trouble(doctor, REPORT_WRONG, &why);
		if (strstr(why.text, " with: ") == NULL)
			report_fix(&doctor->report, "tokenadm check --repair");
	}
	if (findings->count > SHOWN) {
		report_add(&doctor->report, REPORT_WRONG,
		    "and %" PRIu64 " more", findings->count - SHOWN);
		report_fix(&doctor->report, "tokenadm check");
	}
}

static void
report_sound(struct doctor *doctor, const struct check_report *look)
{
	const struct config *config = &doctor->context->config;

	report_set_area(&doctor->report, "store");
	if (look->is_partial)
		report_add(&doctor->report, REPORT_OK,
		    "%s: opens; too large to be read here: tokenadm check "
		    "reads it",
		    config->directory);
	else
		report_add(&doctor->report, REPORT_OK,
		    "%s: sound, %" PRIu64 " token%s of %" PRIu64 " user%s",
		    config->directory, look->tokens,
		    look->tokens == 1 ? "" : "s", look->users,
		    look->users == 1 ? "" : "s");
	report_set_area(&doctor->report, "key");
	report_add(
	    &doctor->report, REPORT_OK, "%s: fits the database", config->key);
}

void
doctor_store(struct doctor *doctor)
{
	const struct config *config = &doctor->context->config;
	struct check_report look;
	struct error why = {""};
	enum err rc = check_look(
	    &look, config, READ_MOST, store_deadline(config), &why);

	if (rc != ERR_OK)
		report_failure(doctor, &look, rc, &why);
	else if (look.findings.count > 0)
		report_findings(doctor, &look.findings);
	else
		report_sound(doctor, &look);
	doctor->reads_tokens = rc == ERR_OK && look.findings.count == 0 &&
	    !look.is_partial;
	check_report_free(&look);
}

static void
note_service(
    struct doctor *doctor, const char *service, const struct record *record)
{
	struct doctor_name *name;

	for (size_t i = 0; i < doctor->name_count; i++) {
		if (strcmp(doctor->names[i].service, service) == 0)
			return;
	}
	if (doctor->name_count == DOCTOR_NAMES_MAX ||
	    !parse_is_service(service))
		return;
	name = &doctor->names[doctor->name_count++];
	strcpy(name->service, service);
	strcpy(name->id, record->id);
	strcpy(name->user, record->user);
}

static void
note_services(
    struct doctor *doctor, const char *list, const struct record *record)
{
	char word[LIST_WORD_MAX + 1];

	while (list_next(&list, word)) {
		if (word[0] != '@' && strcmp(word, "any") != 0)
			note_service(doctor, word, record);
	}
}

static void
note_groups(
    struct doctor *doctor, const char *list, const struct record *record)
{
	char word[LIST_WORD_MAX + 1];
	const char *services;

	while (list_next(&list, word)) {
		services = word[0] != '@'
		    ? NULL
		    : services_of_group(doctor->context->config.groups, word);
		if (services != NULL)
			note_services(doctor, services, record);
	}
}

static enum err
visit(const struct record *record, const struct last_use *usage, void *arg)
{
	struct doctor *doctor = arg;

	(void)usage;
	if (record->created.at > doctor->newest)
		doctor->newest = record->created.at;
	if (record_is_usable(record, doctor->context->now)) {
		note_services(doctor, record->services, record);
		note_groups(doctor, record->services, record);
	}
	return ERR_OK;
}

void
doctor_tokens(struct doctor *doctor)
{
	struct context *context = doctor->context;

	if (!doctor->reads_tokens)
		return;
	report_set_area(&doctor->report, "store");
	if (token_pages_each(context, NULL, visit, doctor) != ERR_OK)
		report_error(&doctor->report, REPORT_WRONG, &context->error);
	context->error.text[0] = '\0';
}
