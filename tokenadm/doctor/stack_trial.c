#include "doctor/stack_trial.h"

#include <string.h>

#include <security/pam_appl.h>

#include "pam/pam_modules.h"
#include "pam/pamrun.h"

/* The answers, and which lines were asked. */
struct trial {
	const struct pamstack *stack;
	int own; /* pam_apitoken's */
	struct stack_user user;
	bool *asked; /* by index in the stack */
	struct stack_unknown unknown;
	struct stack_failure failure;
};

/* A user whom the files list and every module accepts. */
static struct stack_user
local_user(int password)
{
	return (struct stack_user){true, password, PAM_SUCCESS};
}

static int
answer_unknown(const struct trial *trial, const struct pamstack_entry *entry)
{
	bool accepts = !module_is_alternative(entry) &&
	    !(trial->unknown.refuse && module_kind_of(entry) == MODULE_UNKNOWN);

	if (entry == trial->unknown.odd)
		accepts = !accepts;
	return accepts ? module_answer_of(entry) : module_refusal_of(entry);
}

static int
answer(const struct pamstack_entry *entry, void *arg)
{
	struct trial *trial = arg;

	trial->asked[entry - trial->stack->entries] = true;
	if (entry == trial->failure.line)
		return trial->failure.result;
	if (entry->is_missing && module_kind_of(entry) != MODULE_OWN)
		return PAM_MODULE_UNKNOWN;
	switch (module_kind_of(entry)) {
	case MODULE_OWN:
		return trial->own;
	case MODULE_PASSWORD:
		return trial->user.password;
	case MODULE_DIRECTORY:
		return trial->user.directory;
	case MODULE_FIXED:
		return module_answer_of(entry);
	default:
		if (pamstack_is(entry, "pam_localuser"))
			return trial->user.is_local ? PAM_SUCCESS
						    : PAM_PERM_DENIED;
		return answer_unknown(trial, entry);
	}
}

static int
run(struct trial *trial, enum pamline_type type)
{
	memset(trial->asked, 0, PAMSTACK_LINES * sizeof(*trial->asked));
	return pamrun(trial->stack, type, answer, trial);
}

int
stack_try(const struct pamstack *stack, enum pamline_type type,
    const struct stack_unknown *unknown, int own, int password,
    bool asked[PAMSTACK_LINES])
{
	struct trial trial = {stack, own, local_user(password), asked,
	    unknown != NULL ? *unknown : (struct stack_unknown){0}, {0}};

	return run(&trial, type);
}

int
stack_try_user(const struct pamstack *stack,
    const struct stack_unknown *unknown, int own, const struct stack_user *user,
    bool asked[PAMSTACK_LINES])
{
	struct trial trial = {stack, own, *user, asked,
	    unknown != NULL ? *unknown : (struct stack_unknown){0}, {0}};

	return run(&trial, PAMLINE_ACCOUNT);
}

int
stack_try_failing(const struct pamstack *stack, enum pamline_type type,
    const struct stack_failure *failure, int own, int password,
    bool asked[PAMSTACK_LINES])
{
	struct trial trial = {
	    stack, own, local_user(password), asked, {0}, *failure};

	return run(&trial, type);
}
