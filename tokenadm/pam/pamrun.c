#include "pam/pamrun.h"

#include <security/pam_appl.h>

/* The result of a broken line, and of a stack without any result. */
#define MUST_FAIL PAM_PERM_DENIED

enum impression {
	UNDECIDED,
	POSITIVE,
	NEGATIVE,
};

struct state {
	enum impression impression;
	int status;
};

struct run {
	const struct pamstack *stack;
	enum pamline_type type;
	size_t at; /* current entry; stack->count at the end */
	struct state now;
	struct state before[PAMSTACK_DEPTH + 1]; /* each substack */
};

/* The next entry of the type from at on. */
static size_t
next_of(const struct run *run, size_t at)
{
	do
		at++;
	while (at < run->stack->count &&
	    run->stack->entries[at].line.type != run->type);
	return at;
}

static unsigned
level_of(const struct run *run, size_t at)
{
	return run->stack->entries[at].level;
}

/* Whether there is a next entry, in this substack or below. */
static bool
goes_on(const struct run *run, unsigned level)
{
	size_t next = next_of(run, run->at);

	return next < run->stack->count && level_of(run, next) >= level;
}

static void
be_positive(struct run *run, int result)
{
	struct state *now = &run->now;

	if (now->impression == UNDECIDED ||
	    (now->impression == POSITIVE && now->status == PAM_SUCCESS))
		*now = (struct state){POSITIVE, result};
}

static void
be_negative(struct run *run, int result)
{
	if (run->now.impression != NEGATIVE)
		run->now = (struct state){
		    NEGATIVE, result == PAM_IGNORE ? MUST_FAIL : result};
}

/* Skips the rest of the substack. */
static void
end_substack(struct run *run, unsigned level)
{
	while (goes_on(run, level))
		run->at = next_of(run, run->at);
}

/* A substack counts as one line. A jump past the end refuses. */
static void
jump(struct run *run, unsigned level, int lines)
{
	for (; lines > 0 && goes_on(run, level); lines--) {
		do
			run->at = next_of(run, run->at);
		while (goes_on(run, level + 1));
	}
	if (lines > 0)
		run->now = (struct state){NEGATIVE, MUST_FAIL};
}

static void
act(struct run *run, unsigned level, int action, int result)
{
	switch (action) {
	case PAMLINE_DO_IGNORE:
		break;
	case PAMLINE_DO_RESET:
		run->now = run->before[level];
		break;
	case PAMLINE_DO_OK:
	case PAMLINE_DO_DONE:
		be_positive(run, result);
		if (action == PAMLINE_DO_DONE &&
		    run->now.impression == POSITIVE)
			end_substack(run, level);
		break;
	case PAMLINE_DO_BAD:
	case PAMLINE_DO_DIE:
		be_negative(run, result);
		if (action == PAMLINE_DO_DIE)
			end_substack(run, level);
		break;
	default:
		jump(run, level, action);
		break;
	}
}

static int
ask(const struct pamstack_entry *entry, pamrun_module *module, void *arg)
{
	int result;

	if (entry->line.kind == PAMLINE_BROKEN)
		return MUST_FAIL;
	result = module(entry, arg);
	return result >= 0 && result < PAMLINE_RESULTS ? result : MUST_FAIL;
}

int
pamrun(const struct pamstack *stack, enum pamline_type type,
    pamrun_module *module, void *arg)
{
	struct run run = {.stack = stack, .type = type, .at = (size_t)-1};
	unsigned level = 0, last = 0;

	if (stack->is_refused)
		return PAM_ABORT;
	run.now = run.before[0] = (struct state){UNDECIDED, MUST_FAIL};
	while ((run.at = next_of(&run, run.at)) < stack->count) {
		const struct pamstack_entry *entry = &stack->entries[run.at];
		int result;

		level = entry->level;
		if (last < level)
			run.before[level] = run.now;
		last = level;
		if (entry->line.kind == PAMLINE_SUBSTACK)
			continue;
		result = ask(entry, module, arg);
		act(&run, level, entry->line.actions[result], result);
	}
	if (run.now.status == PAM_SUCCESS && run.now.impression != POSITIVE)
		return MUST_FAIL;
	return run.now.status;
}
