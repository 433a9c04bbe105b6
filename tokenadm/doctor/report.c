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

/* Adjacent findings with the same fix show it once, after the last of them. */
static bool
shows_fix(const struct report *report, size_t number)
{
	const struct report_finding *finding = &report->findings[number];

	return finding->fix.text[0] != '\0' &&
	    (number + 1 == report->count ||
		strcmp(finding->fix.text, finding[1].fix.text) != 0);
}

void
report_print(const struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct report_finding *finding = &report->findings[i];

		printf("%-7s ", STATES[finding->state]);
		text_print(stdout, finding->area);
		fputs(": ", stdout);
		text_print(stdout, finding->text.text);
		putchar('\n');
		if (!shows_fix(report, i))
			continue;
		fputs("        ", stdout);
		text_print(stdout, finding->fix.text);
		putchar('\n');
	}
	printf("%zu wrong, %zu warning%s\n", report_count(report, REPORT_WRONG),
	    report_count(report, REPORT_WARNING),
	    report_count(report, REPORT_WARNING) == 1 ? "" : "s");
}

static json_t *
object_of(const struct report_finding *finding)
{
	return json_pack("{s:o, s:s, s:o, s:o}", "area",
	    json_text(finding->area), "state", STATES[finding->state], "text",
	    json_text(finding->text.text), "fix",
	    json_text_or_null(finding->fix.text));
}

enum err
report_print_json(const struct report *report)
{
	struct json_stream stream;
	enum err rc = ERR_OK;

	json_begin(&stream, stdout, "findings");
	for (size_t i = 0; i < report->count && rc == ERR_OK; i++)
		rc = json_add(&stream, object_of(&report->findings[i]));
	printf("\n], \"wrong\": %zu, \"warnings\": %zu}\n",
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
