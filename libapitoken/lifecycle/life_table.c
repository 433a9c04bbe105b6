#include "lifecycle/life_table.h"

#define NONE ((enum record_state)0)

/* States that are not named do not change. */
static const struct row {
	enum record_state of_active, of_revoked, of_deactivated;
	bool of_expired; /* whatever its state was before */
} TABLE[LIFE_EVENTS] = {
    [LIFE_REVOKE] = {RECORD_REVOKED, NONE, RECORD_REVOKED, true},
    [LIFE_REPLACE] = {RECORD_REVOKED, NONE, RECORD_REVOKED, true},
    [LIFE_DISABLE] = {RECORD_DEACTIVATED, NONE, NONE, false},
    [LIFE_UNUSED] = {RECORD_DEACTIVATED, NONE, NONE, false},
    [LIFE_DOUBT] = {RECORD_DEACTIVATED, NONE, NONE, true},
    [LIFE_USE_UP] = {RECORD_REVOKED, NONE, NONE, false},
    [LIFE_LOG_OUT] = {RECORD_REVOKED, NONE, RECORD_REVOKED, true},
    [LIFE_APPROVE] = {NONE, RECORD_ACTIVE, RECORD_ACTIVE, false},
    [LIFE_APPROVE_ALL] = {NONE, NONE, RECORD_ACTIVE, false},
};

enum record_state
life_next(enum life_event event, enum record_state state, bool is_expired)
{
	const struct row *row = &TABLE[event];
	enum record_state next = NONE;

	if (is_expired && !row->of_expired)
		return state;
	switch (state) {
	case RECORD_ACTIVE:
		next = row->of_active;
		break;
	case RECORD_REVOKED:
		next = row->of_revoked;
		break;
	case RECORD_DEACTIVATED:
		next = row->of_deactivated;
		break;
	}
	return next == NONE ? state : next;
}

bool
life_changes(enum life_event event, const struct record *record, int64_t now)
{
	return life_next(event, record->state, now >= record->expires) !=
	    record->state;
}

bool
life_apply(struct record *record, enum life_event event,
    const struct record_event *how)
{
	enum record_state next = life_next(
	    event, record->state, how->at >= record->expires);

	if (next == record->state)
		return false;
	record->state = next;
	record->is_replaced = event == LIFE_REPLACE;
	if (next != RECORD_ACTIVE) {
		record->ended = *how;
		return true;
	}
	/* It begins anew. */
	record->approved = *how;
	record->ticket[0] = '\0';
	record->begun = 0;
	record->boot[0] = '\0';
	return true;
}
