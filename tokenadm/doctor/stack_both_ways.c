/* Stacks with modules whose answer nobody knows: judged both ways. */
#include "doctor/stack_impl.h"

#include <string.h>

#include <security/pam_appl.h>

#include "pam/pam_modules.h"

struct both_ways {
	struct stack_advice *wiring;
	stack_judge_fn *judge;
	struct report usual; /* alternatives say no */
	struct report extra; /* what is found only if one of them says yes */
};

/* Judges with this module answering the opposite; NULL: as usual. */
static void
judge_once(struct both_ways *both, const struct pamstack_entry *odd,
    struct report *report)
{
	struct stack_advice *wiring = both->wiring;
	struct report *kept = wiring->report;

	wiring->report = report;
	wiring->unknown.odd = odd;
	both->judge(wiring);
	wiring->unknown.odd = NULL;
	wiring->report = kept;
}

static bool
has(const struct report *report, const char *text)
{
	for (size_t i = 0; i < report->count; i++) {
		if (strcmp(report->findings[i].text.text, text) == 0)
			return true;
	}
	return false;
}

/* Nothing is wrong for certain if it depends on a module's answer. */
static void
add_limited(struct report *report, const struct report_finding *finding,
    const struct pamstack_entry *odd, const char *answer)
{
	enum report_state state = finding->state == REPORT_WRONG
	    ? REPORT_WARNING
	    : finding->state;

	report_add(report, state, "%s (if %s %s)", finding->text.text,
	    pamstack_module(odd), answer);
}

/* Notes what is found only if this module says yes. */
static void
judge_yes(struct both_ways *both, const struct pamstack_entry *odd,
    const struct pamstack_entry *limits[])
{
	struct report other = {0};
	size_t count = PAMSTACK_LINES;

	judge_once(both, odd, &other);
	for (size_t i = 0; i < other.count; i++) {
		if (!has(&both->usual, other.findings[i].text.text))
			add_limited(
			    &both->extra, &other.findings[i], odd, "accepts");
	}
	/* What lets in by itself says no to most: there the finding holds. */
	if (odd->line.actions[PAM_SUCCESS] != PAMLINE_DO_OK)
		count = 0;
	else if (both->usual.count < count)
		count = both->usual.count;
	for (size_t i = 0; i < count; i++) {
		if (!has(&other, both->usual.findings[i].text.text))
			limits[i] = odd;
	}
	both->extra.is_cut |= other.is_cut;
	report_free(&other);
}

static void
add_all(struct report *report, const struct report *usual,
    const struct pamstack_entry *const limits[])
{
	for (size_t i = 0; i < usual->count; i++) {
		const struct report_finding *one = &usual->findings[i];

		if (i < PAMSTACK_LINES && limits[i] != NULL)
			add_limited(report, one, limits[i], "refuses");
		else
			report_add(report, one->state, "%s", one->text.text);
	}
}

void
stack_judge_both_ways(struct stack_advice *wiring, stack_judge_fn *judge)
{
	struct both_ways both = {.wiring = wiring, .judge = judge};
	const struct pamstack_entry *limits[PAMSTACK_LINES] = {NULL};
	const struct pamstack *stack = wiring->stack;

	judge_once(&both, NULL, &both.usual);
	for (size_t i = 0; i < stack->count; i++) {
		const struct pamstack_entry *entry = &stack->entries[i];

		if (entry->line.type == wiring->type && !entry->is_missing &&
		    module_is_alternative(entry))
			judge_yes(&both, entry, limits);
	}
	add_all(wiring->report, &both.usual, limits);
	for (size_t i = 0; i < both.extra.count; i++) {
		const struct report_finding *one = &both.extra.findings[i];

		if (!has(wiring->report, one->text.text))
			report_add(
			    wiring->report, one->state, "%s", one->text.text);
	}
	wiring->report->is_cut |= both.usual.is_cut || both.extra.is_cut;
	report_free(&both.usual);
	report_free(&both.extra);
}
