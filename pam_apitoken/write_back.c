#include "write_back.h"

#include <sys/resource.h>

#include "lifecycle/owner_tokens.h"
#include "lifecycle/rotation.h"
#include "log.h"
#include "store/last_use.h"
#include "store/lock.h"

bool
write_back_is_possible(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
	    limit.rlim_cur == RLIM_INFINITY;
}

void
write_back_accepted(const struct config *config, const struct attempt *attempt,
    const struct record *record)
{
	if (!write_back_is_possible())
		return;
	(void)last_use_note(config, record->id, attempt->now, attempt->from,
	    attempt->service, NULL);
	if (record->predecessor[0] != '\0')
		(void)rotation_finish(
		    config, record->id, attempt->now, lock_deadline(0), NULL);
}

/*
 * Whether it is the right token of a disabled account. The token itself may be
 * dead: others may have been issued or approved since.
 */
static bool
is_disabled(const struct verdict *verdict)
{
	return verdict->outcome[LOGIN_TEST_DIGEST] == OUTCOME_PASSED &&
	    verdict->outcome[LOGIN_TEST_OWNER] == OUTCOME_PASSED &&
	    verdict->outcome[LOGIN_TEST_ACCOUNT] == OUTCOME_FAILED &&
	    verdict->account == ACCOUNT_DISABLED;
}

void
write_back_refused(const struct config *config, const struct attempt *attempt,
    const struct record *record, const struct verdict *verdict)
{
	struct token_owner owned = {record->user, record->uid};
	char reason[RECORD_REASON_MAX + 1];
	size_t count = 0;

	if (!is_disabled(verdict) || !write_back_is_possible())
		return;
	(void)owner_tokens_deactivate_disabled(config, &owned, attempt->now,
	    lock_deadline(0), &count, reason, NULL);
	if (count > 0)
		log_deactivated(attempt, count, reason);
}
