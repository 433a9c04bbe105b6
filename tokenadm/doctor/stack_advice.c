#include "doctor/stack_advice.h"

#include <stdarg.h>
#include <stdio.h>

#include "doctor/stack_impl.h"
#include "doctor/stack_mend.h"
#include "pam/own_lines.h"

void
stack_judge_controls(struct stack_advice *wiring)
{
	switch (wiring->type) {
	case PAMLINE_AUTH:
		stack_judge_auth(wiring);
		break;
	case PAMLINE_ACCOUNT:
		stack_judge_account(wiring);
		break;
	default:
		stack_judge_session(wiring);
		break;
	}
}

static size_t append(char *text, size_t len, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* To a text of ERROR_TEXT_MAX; returns its length, which does not exceed that.
 */
static size_t
append(char *text, size_t len, const char *format, ...)
{
	va_list values;
	int more;

	va_start(values, format);
	more = vsnprintf(text + len, ERROR_TEXT_MAX - len, format, values);
	va_end(values);
	return more > 0 && len + (size_t)more < ERROR_TEXT_MAX
	    ? len + (size_t)more
	    : ERROR_TEXT_MAX - 1;
}

/* The line as it should be, below those that it would skip otherwise. */
static void
append_lines(char *text, size_t len, const struct stack_advice *wiring,
    const struct stack_mend *mend)
{
	const struct pamline *line = &wiring->line->line;

	for (size_t i = 0; i < mend->copy_count; i++) {
		const struct pamline *copy = &mend->copies[i]->line;

		len = append(text, len, "%s required %s",
		    pamline_type_name(copy->type), copy->path);
		for (int j = 0; j < copy->argc; j++)
			len = append(text, len, " %s", copy->argv[j]);
		len = append(text, len, ", and below it: ");
	}
	len = append(text, len, "%s %s %s", pamline_type_name(wiring->type),
	    mend->control, line->path);
	for (int i = 0; i < line->argc; i++)
		len = append(text, len, " %s", line->argv[i]);
}

static void
advise_mend(const struct stack_advice *wiring, const struct stack_mend *mend,
    char text[ERROR_TEXT_MAX])
{
	const struct pamstack_entry *line = wiring->line;
	size_t len = 0;

	if (!mend->is_moved)
		len = append(
		    text, len, "%s:%zu should be: ", line->file, line->number);
	else if (mend->number == 0)
		len = append(text, len,
		    "take it out, and put at the end of %s: ", mend->file);
	else
		len = append(text, len,
		    "take it out, and put before %s:%zu: ", mend->file,
		    mend->number);
	append_lines(text, len, wiring, mend);
}

/* Suggests how to mend what was found from there on. */
static void
advise(struct stack_advice *wiring, size_t from)
{
	struct report *report = wiring->report;
	char text[ERROR_TEXT_MAX] = "";
	struct stack_mend mend;

	if (!report_has_trouble(report, from))
		return;
	switch (stack_mend_find(wiring, &mend)) {
	case STACK_MEND_FOUND:
		advise_mend(wiring, &mend, text);
		break;
	case STACK_MEND_TOO_LONG:
		(void)append(text, 0,
		    "the stack is too long to look for what fixes that: "
		    "pam_apitoken(8), STACKS");
		break;
	default:
		(void)append(text, 0,
		    "no control fixes that, here or elsewhere in the stack: "
		    "pam_apitoken(8), STACKS");
	}
	/* It fixes each of these findings. */
	for (size_t i = from, count = report->count; i < count; i++) {
		report->count = i + 1;
		if (report->findings[i].state >= REPORT_WARNING)
			report_fix(report, "%s", text);
	}
}

/* What pam_env sets from a user's own file must not replace what we set. */
static void
judge_environment(struct stack_advice *wiring)
{
	const struct pamstack *stack = wiring->stack;
	const struct pamstack_entry *last = NULL;

	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry *entry = &stack->entries[i];

		if (entry->line.type == PAMLINE_SESSION &&
		    pamstack_is(entry, "pam_env") &&
		    pamline_has_word(&entry->line, "user_readenv=1"))
			last = entry;
	}
	if (last <= wiring->line)
		return;
	/* A shared file cannot have its line after those that services add. */
	if (!wiring->line->of_service) {
		stack_say(wiring, REPORT_OK,
		    "stands before pam_env.so, as a file of all services does");
		return;
	}
	stack_say(wiring, REPORT_WARNING,
	    "stands before pam_env.so: what a user's own file sets "
	    "would replace what the token is");
	report_fix(
	    wiring->report, "move the line behind the last one of pam_env.so");
}

void
stack_judge_beside(struct stack_advice *wiring)
{
	if (wiring->type == PAMLINE_AUTH) {
		stack_judge_setcred(wiring);
		stack_judge_others(wiring);
	}
	if (wiring->type == PAMLINE_ACCOUNT)
		stack_judge_directory(wiring);
	if (wiring->type == PAMLINE_SESSION)
		judge_environment(wiring);
}

static void
judge_type(struct stack_advice *wiring)
{
	size_t from = wiring->report->count;
	unsigned lines = 0;

	for (size_t i = 0; i < wiring->stack->count; i++)
		lines += stack_is_own(wiring, &wiring->stack->entries[i]);
	stack_judge_both_ways(wiring, stack_judge_controls);
	advise(wiring, from);
	stack_judge_beside(wiring);
	if (lines > 1) {
		stack_say(wiring, REPORT_WARNING, "the module is there twice");
		report_fix(wiring->report, "remove one of the lines");
	}
}

void
stack_judge(struct report *report, const struct pamstack *stack)
{
	for (int i = PAMLINE_AUTH; i <= PAMLINE_SESSION; i++) {
		struct stack_advice wiring = {
		    .report = report,
		    .stack = stack,
		    .type = (enum pamline_type)i,
		    .line = own_lines_find(stack, (enum pamline_type)i),
		};

		if (wiring.line != NULL && !stack->is_refused)
			judge_type(&wiring);
	}
}
