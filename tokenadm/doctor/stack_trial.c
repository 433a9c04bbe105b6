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
	const struct pamstack_entry
	    *failing; /* the line that returns failure */
	int failure;
};

/* A user whom the files list and every module accepts. */
static struct stack_user
local_user(int password)
{
	return (struct stack_user){true, password, PAM_SUCCESS};
}

static int
answer(const struct pamstack_entry *entry, void *arg)
{
	struct trial *trial = arg;

	trial->asked[entry - trial->stack->entries] = true;
	if (entry == trial->failing)
		return trial->failure;
	if (entry->is_missing && module_kind_of(entry) != MODULE_OWN)
		return PAM_MODULE_UNKNOWN;
	switch (module_kind_of(entry)) {
	case MODULE_OWN:
		return trial->own;
	case MODULE_PASSWORD:
		return trial->user.password;
	case MODULE_DIRECTORY:
		return trial->user.directory;
	default:
		return pamstack_is(entry, "pam_localuser") &&
			!trial->user.is_local
		    ? PAM_PERM_DENIED
		    : module_answer_of(entry);
	}
}

static int
run(struct trial *trial, enum pamline_type type)
{
	memset(trial->asked, 0, PAMSTACK_LINES * sizeof(*trial->asked));
	return pamrun(trial->stack, type, answer, trial);
}

int
stack_try(const struct pamstack *stack, enum pamline_type type, int own,
    int password, bool asked[PAMSTACK_LINES])
{
	struct trial trial = {stack, own, local_user(password), asked, NULL, 0};

	return run(&trial, type);
}

int
stack_try_user(const struct pamstack *stack, int own,
    const struct stack_user *user, bool asked[PAMSTACK_LINES])
{
	struct trial trial = {stack, own, *user, asked, NULL, 0};

	return run(&trial, PAMLINE_ACCOUNT);
}

int
stack_try_failing(const struct pamstack *stack, int own,
    const struct pamstack_entry *failing, int failure,
    bool asked[PAMSTACK_LINES])
{
	struct trial trial = {
	    stack, own, local_user(PAM_AUTH_ERR), asked, failing, failure};

	return run(&trial, PAMLINE_AUTH);
}
