#include "cli/session_limit.h"

#include <stdio.h>

#include "session/rundir.h"
#include "session/session_list.h"

enum err
session_limit_look(struct session_limit *limit, const struct verdict *verdict,
    const struct record *record, struct error *why)
{
	*limit = (struct session_limit){.max = record->max_sessions};
	if (verdict->outcome[LOGIN_TEST_DIGEST] != OUTCOME_PASSED ||
	    limit->max == 0)
		return ERR_OK;
	limit->is_known = true;
	return session_count(RUNDIR, record->id, &limit->live, why);
}

bool
session_limit_is_full(const struct session_limit *limit)
{
	return limit->is_known && limit->live >= limit->max;
}

void
session_limit_text(
    const struct session_limit *limit, char text[SESSION_LIMIT_TEXT_SIZE])
{
	(void)snprintf(text, SESSION_LIMIT_TEXT_SIZE, "%lu of %lu are open",
	    (unsigned long)limit->live, (unsigned long)limit->max);
}
