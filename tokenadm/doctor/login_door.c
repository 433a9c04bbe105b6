#include "doctor/login_door.h"

#include <pwd.h>
#include <stddef.h>

#include "doctor/door_access.h"
#include "token/token.h"

static void
set_caller(struct attempt *attempt, const struct service_runner *runner)
{
	const struct passwd *entry = getpwnam(
	    runner->is_its_user ? attempt->user : runner->account);

	attempt->is_by_door = true;
	attempt->caller = entry != NULL ? entry->pw_uid : 0;
	if (runner->is_its_user)
		attempt->from = NULL;
}

enum err
login_door(struct steps *steps, struct attempt *attempt,
    const struct config *config, bool *is_outside, struct error *why)
{
	struct service_runner runner;
	struct door_access access;
	char id[TOKEN_ID_LEN + 1];
	struct error how = {""};

	/* What is malformed is refused before anybody is asked. */
	*is_outside = service_runner(attempt->service, SERVICE_SEARCH_ALL,
			  &runner, &how) &&
	    token_parse(attempt->text, id);
	if (!*is_outside)
		return ERR_OK;
	door_access_look(&access, config, attempt->service, &runner);
	if (access.answers)
		set_caller(attempt, &runner);
	if (access.answers && access.is_admitted) {
		steps_add(steps, "host", OUTCOME_PASSED,
		    "%s, and is answered at the door", how.text);
		return ERR_OK;
	}
	steps_add(
	    steps, "host", OUTCOME_FAILED, "%s: %s", how.text, access.why.text);
	*why = access.why;
	return ERR_REFUSED;
}
