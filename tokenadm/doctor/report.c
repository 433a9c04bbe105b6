#include "doctor/report.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/text.h"

static const char *const STATES[] = {
    [REPORT_OK] = "ok",
    [REPORT_NOTE] = "note",
    [REPORT_WARNING] = "warning",
    [REPORT_WRONG] = "wrong",
};

void
report_set_area(struct report *report, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	(void)vsnprintf(report->area, sizeof(report->area), format, values);
	va_end(values);
}

static struct report_finding *
add(struct report *report, enum report_state state)
{
	struct report_finding *findings = reallocarray(report->findings,
				  report->count + 1, sizeof(*findings)),
			      *finding;

	if (findings == NULL) {
		report->is_cut = true;
		return NULL;
	}
	report->findings = findings;
	finding = &findings[report->count++];
	*finding = (struct report_finding){.state = state};
	strcpy(finding->area, report->area);
	return finding;
}

void
report_add(
    struct report *report, enum report_state state, const char *format, ...)
{
	struct report_finding *finding = add(report, state);
	va_list values;

	if (finding == NULL)
		return;
	va_start(values, format);
	(void)vsnprintf(
	    finding->text.text, sizeof(finding->text.text), format, values);
	va_end(values);
}

void
report_fix(struct report *report, const char *format, ...)
{
	struct report_finding *finding;
	va_list values;

	if (report->count == 0)
		return;
	finding = &report->findings[report->count - 1];
	va_start(values, format);
	(void)vsnprintf(
	    finding->fix.text, sizeof(finding->fix.text), format, values);
	va_end(values);
}

void
report_error(
    struct report *report, enum report_state state, const struct error *why)
{
	static const char MARK[] = " with: ";
	const char *mark = strstr(why->text, MARK);
	const char *end;

	if (mark == NULL) {
		report_add(report, state, "%s", why->text);
		return;
	}
	/* Also cuts `; mend it` and the like. */
	end = memrchr(why->text, ';', (size_t)(mark - why->text));
	if (end == NULL)
		end = mark;
	report_add(report, state, "%.*s", (int)(end - why->text), why->text);
	report_fix(report, "%s", mark + sizeof(MARK) - 1);
}

size_t
report_count(const struct report *report, enum report_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++)
		count += report->findings[i].state == state;
	return count;
}

bool
report_has_trouble(const struct report *report, size_t from)
{
	for (size_t i = from; i < report->count; i++) {
		if (report->findings[i].state >= REPORT_WARNING)
			return true;
	}
	return false;
}

const struct report_finding *
report_find(const struct report *report, enum report_state state, size_t from)
{
	for (size_t i = from; i < report->count; i++) {
		if (report->findings[i].state == state)
			return &report->findings[i];
	}
	return NULL;
}

/* If next shows the same fix, it is not shown here. */
static void
print_finding(
    const struct report_finding *finding, const struct report_finding *next)
{
	printf("%-7s ", STATES[finding->state]);
	text_print(stdout, finding->area);
	fputs(": ", stdout);
	text_print(stdout, finding->text.text);
	putchar('\n');
	if (finding->fix.text[0] == '\0' ||
	    (next != NULL && strcmp(finding->fix.text, next->fix.text) == 0))
		return;
	fputs("        ", stdout);
	text_print(stdout, finding->fix.text);
	putchar('\n');
}

static void
print_state(const struct report *report, enum report_state state)
{
	const struct report_finding *next = report_find(report, state, 0);

	while (next != NULL) {
		const struct report_finding *finding = next;

		next = report_find(
		    report, state, (size_t)(finding - report->findings) + 1);
		print_finding(finding, next);
	}
}

void
report_print(const struct report *report, bool all)
{
	size_t fine = report_count(report, REPORT_OK);
	size_t warnings = report_count(report, REPORT_WARNING);

	for (int state = REPORT_WRONG; state > REPORT_OK; state--)
		print_state(report, (enum report_state)state);
	if (all)
		print_state(report, REPORT_OK);
	printf("%zu wrong, %zu warning%s, %zu ok%s\n",
	    report_count(report, REPORT_WRONG), warnings,
	    warnings == 1 ? "" : "s", fine,
	    all || fine == 0 ? "" : " (--verbose shows them)");
}

static json_t *
object_of(const struct report_finding *finding)
{
	return json_pack("{s:o, s:s, s:o, s:o}", "area",
	    json_text(finding->area), "state", STATES[finding->state], "text",
	    json_text(finding->text.text), "fix",
	    json_text_or_null(finding->fix.text));
}

static enum err
add_state(struct json_stream *stream, const struct report *report,
    enum report_state state)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < report->count && rc == ERR_OK; i++) {
		if (report->findings[i].state == state)
			rc = json_add(stream, object_of(&report->findings[i]));
	}
	return rc;
}

enum err
report_print_json(const struct report *report)
{
	struct json_stream stream;
	int state;
	enum err rc = ERR_OK;

	json_begin(&stream, stdout, "findings");
	for (state = REPORT_WRONG; state >= REPORT_OK && rc == ERR_OK; state--)
		rc = add_state(&stream, report, (enum report_state)state);
	json_end_array(&stream);
	printf(", \"wrong\": %zu, \"warnings\": %zu}\n",
	    report_count(report, REPORT_WRONG),
	    report_count(report, REPORT_WARNING));
	return rc;
}

void
report_free(struct report *report)
{
	free(report->findings);
	*report = (struct report){0};
}
