#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"

/* A busy lock is waited for; the tests of the lock cover that. */
static const struct way {
	int error;
	bool stays;
} WAYS[] = {
    {EIO, false},
    {ENOMEM, false},
    {ENOSPC, false},
    {EINTR, false},
    {EMFILE, false},
    {EACCES, false},
    {EROFS, false},
    {EAGAIN, false},
    {INJECT_SHORT, false},
    {EIO, true},
    {ENOMEM, true},
    {ENOSPC, true},
    {EMFILE, true},
    {EROFS, true},
    {INJECT_SHORT, true},
};

#define WAYS_COUNT (sizeof(WAYS) / sizeof(WAYS[0]))

uint64_t
plan_seed(void)
{
	const char *given = getenv("APITOKEN_SEED");

	return given != NULL ? strtoull(given, NULL, 0) : 1;
}

/* splitmix64 */
static uint64_t
draw(struct plan *plan)
{
	uint64_t mixed = plan->state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ (mixed >> 31);
}

void
plan_start(struct plan *plan, const struct inject_seen *undisturbed,
    enum plan_kind kind, size_t few)
{
	const char *torture = getenv("APITOKEN_TORTURE");

	*plan = (struct plan){
	    .undisturbed = *undisturbed,
	    .kind = kind,
	    .state = plan_seed(),
	};
	plan->all = undisturbed->calls;
	if (kind == PLAN_FAULTS)
		plan->all = undisturbed->calls * WAYS_COUNT +
		    (size_t)undisturbed->allocations * 2;
	plan->count = plan->all;
	if ((torture == NULL || strcmp(torture, "yes") != 0) &&
	    plan->count > few)
		plan->count = few;
	if (getenv("APITOKEN_CASE") != NULL)
		plan->count = 1;
}

/* The case with that number. */
static struct inject
make(const struct plan *plan, size_t number)
{
	size_t calls = plan->undisturbed.calls, rest;

	if (plan->kind == PLAN_KILLS)
		return (struct inject){
		    .at = (unsigned)number + 1, .error = INJECT_KILL};
	if (number < calls * WAYS_COUNT)
		return (struct inject){
		    .at = (unsigned)(number / WAYS_COUNT) + 1,
		    .error = WAYS[number % WAYS_COUNT].error,
		    .stays = WAYS[number % WAYS_COUNT].stays,
		};
	rest = number - calls * WAYS_COUNT;
	return (struct inject){
	    .kind = INJECT_ALLOCATION,
	    .at = (unsigned)(rest / 2) + 1,
	    .error = ENOMEM,
	    .stays = rest % 2 != 0,
	};
}

bool
plan_next(struct plan *plan, struct inject *inject)
{
	const char *given = getenv("APITOKEN_CASE");
	size_t from, to;

	if (plan->tried >= plan->count)
		return false;
	/* One from each stretch; if all are wanted, that is each one. */
	from = plan->all * plan->tried / plan->count;
	to = plan->all * (plan->tried + 1) / plan->count;
	plan->tried++;
	*inject = make(plan, from + (size_t)(draw(plan) % (to - from)));
	return given == NULL || plan_parse(given, inject);
}

bool
plan_parse(const char *name, struct inject *inject)
{
	long numbers[4];
	char *end;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		numbers[i] = strtol(name, &end, 10);
		if (end == name)
			return false;
		name = end;
	}
	*inject = (struct inject){
	    .kind = (enum inject_kind)numbers[0],
	    .at = (unsigned)numbers[1],
	    .error = (int)numbers[2],
	    .stays = numbers[3] != 0,
	};
	return true;
}

void
plan_name(const struct inject *inject, char name[PLAN_NAME])
{
	(void)snprintf(name, PLAN_NAME, "%d %u %d %d", inject->kind, inject->at,
	    inject->error, inject->stays);
}

static const char *
error_text(int error)
{
	if (error == INJECT_KILL)
		return "SIGKILL";
	if (error == INJECT_SHORT)
		return "cut short";
	return strerrorname_np(error);
}

const char *
plan_text(const struct inject *inject, const struct inject_seen *seen)
{
	static char text[128];
	const char *what = "not reached";

	if (seen->hit)
		what = inject->kind == INJECT_ALLOCATION
		    ? "an allocation"
		    : calls_name(seen->number);
	(void)snprintf(text, sizeof(text), "%s (%s %u) %s%s", what,
	    inject->kind == INJECT_ALLOCATION ? "allocation" : "call",
	    inject->at, error_text(inject->error),
	    inject->stays ? " from there on" : "");
	return text;
}
