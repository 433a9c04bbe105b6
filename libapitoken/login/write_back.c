#include "login/write_back.h"

#include <string.h>
#include <sys/resource.h>

#include "account/account.h"
#include "base/deadline.h"
#include "fleet/fleet_overlay.h"
#include "lifecycle/owner_tokens.h"
#include "lifecycle/rotation.h"
#include "lifecycle/unnoted.h"
#include "session/rundir.h"
#include "store/last_use.h"

bool
write_back_is_possible(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
	    limit.rlim_cur == RLIM_INFINITY;
}

static struct fleet_name
name_of(const struct verdict *verdict, const struct record *record)
{
	struct fleet_name name;

	strcpy(name.id, record->id);
	strcpy(name.issuer, verdict->fleet.issuer);
	return name;
}

/* A fleet's token stays the one of the account that it was first used for. */
static void
bind_to_account(const struct config *config, const struct verdict *verdict,
    const struct record *record)
{
	struct fleet_name name = name_of(verdict, record);

	(void)fleet_overlay_bind(config, &name, record->uid,
	    account_is_local(record->user) == ERR_OK, deadline_in(0), NULL);
}

/* Its account is disabled here: other machines judge for themselves. */
static void
deactivate_here(const struct config *config, const struct attempt *attempt,
    struct attempt_outcome *outcome)
{
	struct fleet_name name = name_of(&outcome->verdict, &outcome->record);
	struct record_event event = {.at = attempt->now, .by = RECORD_BY_LOGIN};
	bool is_new = false;

	strcpy(event.reason, outcome->deactivated_reason);
	(void)fleet_overlay_end(config, &name, RECORD_DEACTIVATED, &event,
	    &is_new, deadline_in(0), NULL);
	outcome->deactivated += is_new;
}

void
write_back_accepted(const struct config *config, const struct attempt *attempt,
    const struct verdict *verdict, const struct record *record)
{
	bool is_possible = write_back_is_possible();
	bool is_claimed = attempt->is_by_door && !attempt->is_believed;

	if (!is_possible ||
	    last_use_note(config, record->id, attempt->now, attempt->from,
		is_claimed ? "" : attempt->service, NULL) != ERR_OK)
		unnoted_leave(RUNDIR, record->id, attempt->now);
	if (!is_possible)
		return;
	if (verdict->fleet.is_unbound)
		bind_to_account(config, verdict, record);
	if (record->predecessor[0] != '\0')
		(void)rotation_finish(
		    config, record->id, attempt->now, deadline_in(0), NULL);
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
    struct attempt_outcome *outcome)
{
	const struct record *record = &outcome->record;
	struct token_owner owned = {record->user, record->uid};

	if (!is_disabled(&outcome->verdict) || !write_back_is_possible())
		return;
	outcome->deactivated_reason[0] = '\0';
	(void)owner_tokens_deactivate_disabled(config, &owned, attempt->now,
	    deadline_in(0), &outcome->deactivated, outcome->deactivated_reason,
	    NULL);
	/* With a reason if a closer look has found the same. */
	if (outcome->verdict.fleet.answer == FLEET_SEEN &&
	    outcome->deactivated_reason[0] != '\0')
		deactivate_here(config, attempt, outcome);
}
