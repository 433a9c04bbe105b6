#include "doctor/stack_mend.h"

#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/stack_place.h"
#include "pam/pam_modules.h"

#define JUMP_MAX 32   /* longest jump that is tried */
#define LINES_MAX 100 /* no trials for a longer stack */
#define WORK_MAX 1000 /* judgements, each with one answer of each module */
#define DEPTH_MAX 8   /* of files that are looked at for a place */

struct search {
	const struct stack_advice *wiring;
	size_t trouble; /* of the stack beside our line, as it is */
	struct stack_mend *mend;
	bool copies;         /* what is skipped may be asked before our line */
	unsigned cost, work; /* of a judgement; of all so far */
};

/* The control that our line should have, with this jump, done or ok. */
static void
control_text(
    enum pamline_type type, const char *success, char *text, size_t size)
{
	static const char *const REST[] = {
	    [PAMLINE_AUTH] = "perm_denied=die default=ignore",
	    [PAMLINE_ACCOUNT] =
		"ignore=ignore module_unknown=ignore default=die",
	    [PAMLINE_SESSION] = "module_unknown=ignore default=bad",
	};

	(void)snprintf(text, size, "[success=%s %s]", success, REST[type]);
}

static size_t
count_trouble(const struct report *report)
{
	return report_count(report, REPORT_WARNING) +
	    report_count(report, REPORT_WRONG) + (report->is_cut ? 1 : 0);
}

/* What is wrong with the line: its findings, counted. */
static size_t
judge_line(struct stack_advice *wiring)
{
	struct report report = {0};
	size_t count;

	wiring->report = &report;
	stack_judge_both_ways(wiring, stack_judge_controls);
	count = count_trouble(&report);
	report_free(&report);
	wiring->report = NULL;
	return count;
}

/* And with the stack beside it. */
static size_t
judge_beside(struct stack_advice *wiring)
{
	struct report report = {0};
	size_t count;

	wiring->report = &report;
	stack_judge_beside(wiring);
	count = count_trouble(&report);
	report_free(&report);
	wiring->report = NULL;
	return count;
}

/* A stack without our line, but for where it is to be tried. */
struct draft {
	struct pamstack stack;
	struct stack_advice wiring;
	struct pamstack_entry *own;
	size_t findings; /* about the line, in the last trial */
};

/* Puts copies and our line at a place. False if out of memory. */
static bool
draft_make(struct draft *draft, const struct search *search,
    const struct stack_place *place)
{
	const struct stack_advice *wiring = search->wiring;
	const struct pamstack *stack = wiring->stack;
	const struct stack_mend *mend = search->mend;
	struct pamstack_entry *entries = calloc(
	    stack->count + STACK_MEND_COPIES + 1, sizeof(*entries));
	size_t count = 0;

	if (entries == NULL)
		return false;
	for (size_t i = 0; i <= stack->count; i++) {
		size_t copies = i == place->index ? mend->copy_count : 0;

		for (size_t j = 0; j < copies; j++) {
			entries[count] = *mend->copies[j];
			entries[count++].level = place->level;
		}
		if (i == place->index) {
			draft->own = &entries[count++];
			*draft->own = *wiring->line;
			draft->own->level = place->level;
			draft->own->of_service = place->depth == 0;
		}
		if (i < stack->count && &stack->entries[i] != wiring->line)
			entries[count++] = stack->entries[i];
	}
	draft->stack = *stack;
	draft->stack.entries = entries;
	draft->stack.count = count;
	draft->wiring = *wiring;
	draft->wiring.stack = &draft->stack;
	draft->wiring.line = draft->own;
	return draft->own != NULL;
}

/* A quick look, before everything is judged. */
static bool
lets_in(struct draft *draft)
{
	struct stack_advice *wiring = &draft->wiring;

	return wiring->type != PAMLINE_AUTH ||
	    stack_try(wiring->stack, wiring->type, NULL, PAM_SUCCESS,
		PAM_AUTH_ERR, wiring->asked) == PAM_SUCCESS;
}

/* Tries a control in the draft; true if nothing is wrong with it. */
static bool
try_control(struct search *search, struct draft *draft, const char *success)
{
	char *control = search->mend->control;
	char text[sizeof(search->mend->control) + 16];
	struct pamline parsed;

	control_text(search->wiring->type, success, control,
	    sizeof(search->mend->control));
	(void)snprintf(text, sizeof(text), "auth %s x", control);
	pamline_parse(&parsed, text);
	memcpy(
	    draft->own->line.actions, parsed.actions, sizeof(parsed.actions));
	draft->wiring.missed_count = 0;
	draft->findings = 1;
	if (search->work >= WORK_MAX || !lets_in(draft))
		return false;
	search->work += search->cost;
	draft->findings = judge_line(&draft->wiring);
	return draft->findings == 0 &&
	    judge_beside(&draft->wiring) <= search->trouble;
}

static const struct pamstack_entry *
find_same(const struct pamstack *stack, const struct pamstack_entry *copy)
{
	for (size_t i = 0; i < stack->count; i++) {
		if (stack->entries[i].file == copy->file &&
		    stack->entries[i].number == copy->number)
			return &stack->entries[i];
	}
	return NULL;
}

/*
 * If all that is wrong in the draft is that it skips lines that only judge,
 * these become the copies that are asked before ours.
 */
static bool
take_copies(struct search *search, const struct draft *draft)
{
	const struct stack_advice *wiring = &draft->wiring;
	struct stack_mend *mend = search->mend;

	if (draft->findings != wiring->missed_count ||
	    wiring->missed_count > STACK_MEND_COPIES)
		return false;
	mend->copy_count = wiring->missed_count;
	for (size_t i = 0; i < wiring->missed_count; i++) {
		mend->copies[i] = find_same(
		    search->wiring->stack, wiring->missed[i]);
		if (!module_only_judges(wiring->missed[i]) ||
		    mend->copies[i] == NULL)
			mend->copy_count = 0;
	}
	return mend->copy_count > 0;
}

/* Tries the control with what it skips asked before it. */
static bool
try_copies(struct search *search, const struct draft *draft,
    const struct stack_place *place, const char *success)
{
	struct draft other = {0};
	bool is_well = take_copies(search, draft) &&
	    draft_make(&other, search, place) &&
	    try_control(search, &other, success);

	free(other.stack.entries);
	if (!is_well)
		search->mend->copy_count = 0;
	return is_well;
}

/* Tries all controls at a place. */
static bool
try_place(struct search *search, const struct stack_place *place)
{
	int most = search->wiring->type == PAMLINE_SESSION ? 0 : JUMP_MAX + 1;
	struct draft draft = {0};
	bool is_made = draft_make(&draft, search, place), is_well = false;

	for (int jump = 0; is_made && !is_well && jump <= most; jump++) {
		char success[16];

		(void)snprintf(success, sizeof(success), "%d", jump);
		if (jump == 0 || jump > JUMP_MAX)
			strcpy(success, jump == 0 ? "ok" : "done");
		is_well = try_control(search, &draft, success) ||
		    (search->copies &&
			try_copies(search, &draft, place, success));
	}
	free(draft.stack.entries);
	return is_well;
}

static bool
try_moved(struct search *search, const struct stack_place *place)
{
	if (!try_place(search, place))
		return false;
	search->mend->is_moved = true;
	search->mend->file = place->file;
	search->mend->number = place->number;
	return true;
}

/* Where the line stands now, unless a program writes that file anew. */
static bool
try_here(struct search *search)
{
	const struct stack_advice *wiring = search->wiring;
	const struct stack_place here = {
	    .index = (size_t)(wiring->line - wiring->stack->entries),
	    .level = wiring->line->level,
	    .depth = wiring->line->of_service ? 0 : 1,
	};

	return !stack_place_is_generated(wiring->line->file) &&
	    try_place(search, &here);
}

/* All places of a file, or, if that is NULL, of those at this depth. */
static bool
try_file(struct search *search, const char *file, unsigned depth)
{
	const struct stack_advice *wiring = search->wiring;
	struct stack_place place;

	for (size_t i = 0; i < wiring->stack->count; i++) {
		if (stack_place_before(wiring, i, &place) &&
		    (file != NULL ? place.file == file
				  : place.depth == depth) &&
		    try_moved(search, &place))
			return true;
	}
	place = stack_place_end(wiring);
	return wiring->type == PAMLINE_SESSION && place.file == file &&
	    try_moved(search, &place);
}

/* What confines is for one service: not for a file that others include. */
static bool
try_shared(struct search *search)
{
	bool is_found = false;

	if (pamline_has(&search->wiring->line->line, "confine="))
		return false;
	for (unsigned depth = 1; !is_found && depth <= DEPTH_MAX; depth++)
		is_found = try_file(search, NULL, depth);
	return is_found;
}

static bool
find(struct search *search)
{
	const char *file = search->wiring->line->file;
	const char *own = search->wiring->stack->file;

	return try_here(search) || try_file(search, file, 0) ||
	    (own != file && try_file(search, own, 0)) ||
	    (search->copies && try_shared(search));
}

/* Each module whose answer nobody knows is one more to judge. */
static unsigned
cost_of(const struct stack_advice *wiring)
{
	unsigned cost = 1;

	for (size_t i = 0; i < wiring->stack->count; i++) {
		const struct pamstack_entry *entry = &wiring->stack->entries[i];

		if (entry->line.type == wiring->type &&
		    module_is_alternative(entry))
			cost++;
	}
	return cost;
}

enum stack_mend_result
stack_mend_find(const struct stack_advice *wiring, struct stack_mend *mend)
{
	struct stack_advice present = *wiring;
	struct search search = {.wiring = wiring, .mend = mend};

	*mend = (struct stack_mend){.file = wiring->line->file};
	if (wiring->stack->count > LINES_MAX)
		return STACK_MEND_TOO_LONG;
	search.trouble = judge_beside(&present);
	search.cost = cost_of(wiring);
	if (find(&search))
		return STACK_MEND_FOUND;
	search.copies = true;
	if (find(&search))
		return STACK_MEND_FOUND;
	return search.work < WORK_MAX ? STACK_MEND_NONE : STACK_MEND_TOO_LONG;
}
