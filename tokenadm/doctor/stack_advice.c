#include "doctor/stack_advice.h"

#include <stdio.h>
#include <string.h>

#include "doctor/stack_impl.h"
#include "pam/own_lines.h"

#define JUMP_MAX 32    /* longest jump that is tried */
#define ADVICE_MAX 100 /* no trials for a longer stack */

/* The control that our line should have, with this jump. */
static void
control_text(enum pamline_type type, unsigned jump, char *text, size_t size)
{
	static const char *const REST[] = {
	    [PAMLINE_AUTH] = "perm_denied=die default=ignore",
	    [PAMLINE_ACCOUNT] =
		"ignore=ignore module_unknown=ignore default=die",
	    [PAMLINE_SESSION] = "module_unknown=ignore default=bad",
	};

	if (jump == 0)
		(void)snprintf(text, size, "[success=ok %s]", REST[type]);
	else
		(void)snprintf(text, size, "[success=%u %s]", jump, REST[type]);
}

static void
judge_controls(struct stack_advice *wiring)
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

/*
 * Tries such controls in place of the present one, until nothing is wrong. The
 * stack is restored in any case.
 */
static bool
find_control(const struct stack_advice *wiring, char *text, size_t size)
{
	size_t place = (size_t)(wiring->line - wiring->stack->entries);
	struct pamstack_entry *entry = &wiring->stack->entries[place];
	const struct pamstack_entry kept = *entry;
	unsigned most = wiring->type == PAMLINE_SESSION ? 0 : JUMP_MAX;
	bool found = false;

	if (wiring->stack->count > ADVICE_MAX)
		return false;
	for (unsigned jump = 0; !found && jump <= most; jump++) {
		struct report report = {0};
		struct stack_advice other = *wiring;
		char line[256] = "auth ";
		struct pamline parsed;

		control_text(wiring->type, jump, text, size);
		(void)snprintf(line, sizeof(line), "auth %s x", text);
		pamline_parse(&parsed, line);
		memcpy(entry->line.actions, parsed.actions,
		    sizeof(parsed.actions));
		other.report = &report;
		stack_judge_both_ways(&other, judge_controls);
		found = report_count(&report, REPORT_OK) == report.count &&
		    !report.is_cut;
		report_free(&report);
	}
	*entry = kept;
	return found;
}

static bool
has_trouble(const struct report *report, size_t from)
{
	for (size_t i = from; i < report->count; i++) {
		if (report->findings[i].state != REPORT_OK)
			return true;
	}
	return false;
}

/* Suggests the whole line as it should be. */
static void
advise(struct stack_advice *wiring, size_t from)
{
	const struct pamline *line = &wiring->line->line;
	char control[128], text[ERROR_TEXT_MAX];
	size_t count = wiring->report->count;
	int len;

	if (!has_trouble(wiring->report, from))
		return;
	if (find_control(wiring, control, sizeof(control))) {
		len = snprintf(text, sizeof(text), "%s:%zu should be: %s %s %s",
		    wiring->line->file, wiring->line->number,
		    pamline_type_name(wiring->type), control, line->path);
		for (int i = 0; i < line->argc; i++) {
			if (len <= 0 || (size_t)len >= sizeof(text))
				break;
			len += snprintf(text + len, sizeof(text) - (size_t)len,
			    " %s", line->argv[i]);
		}
	} else {
		(void)snprintf(text, sizeof(text),
		    "no control fixes that at this place%s: pam_apitoken(8), "
		    "STACKS",
		    wiring->type == PAMLINE_AUTH
			? "; it belongs before what asks for passwords"
			: "");
	}
	/* It fixes each of these findings. */
	for (wiring->report->count = from; wiring->report->count < count;) {
		wiring->report->count++;
		if (wiring->report->findings[wiring->report->count - 1].state !=
		    REPORT_OK)
			report_fix(wiring->report, "%s", text);
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

static void
judge_type(struct stack_advice *wiring)
{
	size_t from = wiring->report->count;
	unsigned lines = 0;

	for (size_t i = 0; i < wiring->stack->count; i++)
		lines += stack_is_own(wiring, &wiring->stack->entries[i]);
	stack_judge_both_ways(wiring, judge_controls);
	advise(wiring, from);
	if (wiring->type == PAMLINE_AUTH) {
		stack_judge_setcred(wiring);
		stack_judge_others(wiring);
	}
	if (wiring->type == PAMLINE_ACCOUNT)
		stack_judge_directory(wiring);
	if (wiring->type == PAMLINE_SESSION)
		judge_environment(wiring);
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
