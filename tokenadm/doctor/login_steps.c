#include "doctor/login_steps.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/verdict_text.h"

void
steps_add(struct steps *steps, const char *name, enum outcome outcome,
    const char *format, ...)
{
	struct step *step = &steps->list[steps->count];
	va_list values;

	if (steps->count == STEPS_MAX)
		return;
	steps->count++;
	step->name = name;
	step->outcome = outcome;
	va_start(values, format);
	(void)vsnprintf(
	    step->detail.text, sizeof(step->detail.text), format, values);
	va_end(values);
}

void
steps_add_other(struct steps *steps, const char *name)
{
	for (size_t i = 0; i < steps->other_count; i++) {
		if (strcmp(steps->others[i], name) == 0)
			return;
	}
	if (steps->other_count < STEPS_OTHERS_MAX)
		steps->others[steps->other_count++] = name;
}

void
steps_add_unseen(struct steps *steps, const char *name, const char *what)
{
	steps_add(steps, name, OUTCOME_SKIPPED, "%s", what);
	if (steps->unseen_count < STEPS_UNSEEN_MAX)
		(void)error_set(
		    &steps->unseen[steps->unseen_count++], ERR_OK, "%s", what);
}

bool
steps_are_accepted(const struct steps *steps)
{
	return steps->accepted && steps->unseen_count == 0;
}

void
steps_set_reason(struct steps *steps, const char *reason)
{
	(void)snprintf(steps->reason, sizeof(steps->reason), "%s", reason);
}

void
steps_set_log(struct steps *steps, const char *line)
{
	log_line_text(&steps->log, line);
}

static enum err
print_table(const struct steps *steps)
{
	static const char *const COLUMNS[] = {"STEP", "OUTCOME", "DETAIL"};
	struct table *table = table_new(COLUMNS, 3, true);
	enum err rc = table == NULL ? ERR_NOMEM : ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < steps->count; i++) {
		const struct step *step = &steps->list[i];
		const char *const cells[] = {
		    step->name,
		    verdict_text_outcome(step->outcome),
		    step->detail.text,
		};

		rc = table_add(table, cells, TABLE_PLAIN);
	}
	if (rc == ERR_OK)
		rc = table_print(table, stdout);
	table_free(table);
	return rc;
}

/* Modules that doctor did not ask may still refuse. */
static void
print_accepted(const struct steps *steps)
{
	fputs("accepted by pam_apitoken", stdout);
	for (size_t i = 0; i < steps->other_count; i++) {
		fputs(i == 0 ? "; not asked: " : ", ", stdout);
		text_print(stdout, steps->others[i]);
	}
	putchar('\n');
}

static void
print_unseen(const struct steps *steps)
{
	fputs("cannot tell: ", stdout);
	for (size_t i = 0; i < steps->unseen_count; i++) {
		fputs(i == 0 ? "" : "; ", stdout);
		text_print(stdout, steps->unseen[i].text);
	}
	fputs("; else ", stdout);
}

static enum err
print(const struct steps *steps)
{
	enum err rc = print_table(steps);

	if (rc != ERR_OK)
		return rc;
	fputs("log: ", stdout);
	text_print(stdout, steps->log.len > 0 ? steps->log.text : "nothing");
	putchar('\n');
	if (steps->accepted && steps->unseen_count > 0)
		print_unseen(steps);
	if (steps->accepted)
		print_accepted(steps);
	else
		printf("refused: %s\n", steps->reason);
	return ERR_OK;
}

static json_t *
array_of(const struct steps *steps)
{
	json_t *array = json_array();

	for (size_t i = 0; i < steps->count; i++) {
		const struct step *step = &steps->list[i];
		json_t *object = json_pack("{s:s, s:s, s:o}", "step",
		    step->name, "outcome", verdict_text_word(step->outcome),
		    "detail", json_text(step->detail.text));

		/* Steals object; fails if that is NULL. */
		if (json_array_append_new(array, object) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *
others_of(const struct steps *steps)
{
	json_t *array = json_array();

	for (size_t i = 0; array != NULL && i < steps->other_count; i++) {
		if (json_array_append_new(array, json_text(steps->others[i])) !=
		    0) {
			json_decref(array);
			array = NULL;
		}
	}
	return array;
}

static json_t *
unseen_of(const struct steps *steps)
{
	json_t *array = json_array();

	for (size_t i = 0; array != NULL && i < steps->unseen_count; i++) {
		if (json_array_append_new(
			array, json_text(steps->unseen[i].text)) != 0) {
			json_decref(array);
			array = NULL;
		}
	}
	return array;
}

/* null: it cannot be told. */
static json_t *
accepted_of(const struct steps *steps)
{
	return steps->accepted && steps->unseen_count > 0
	    ? json_null()
	    : json_boolean(steps->accepted);
}

static enum err
print_json(const struct steps *steps)
{
	json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "steps",
	    array_of(steps), "log", json_text_or_null(steps->log.text),
	    "accepted", accepted_of(steps), "reason",
	    json_text_or_null(steps->reason), "not_asked", others_of(steps),
	    "unseen", unseen_of(steps));
	enum err rc = object != NULL ? json_print(object, stdout) : ERR_NOMEM;

	putchar('\n');
	json_decref(object);
	return rc;
}

enum err
steps_print(const struct steps *steps, bool as_json, struct error *why)
{
	enum err rc = as_json ? print_json(steps) : print(steps);

	return rc == ERR_OK ? rc : error_plain(why, rc);
}
