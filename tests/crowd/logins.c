#include "logins.h"

#include <stdio.h>
#include <time.h>

#include "lib/client.h"
#include "lib/unit.h"

#define RECENT 24 /* entries that are tried more often than older ones */

enum outcome {
	REFUSED,
	ACCEPTED,
	TOO_LATE, /* a hook accepted a token that was gone before the call */
};

/*
 * The hooks, and the phase from which on each must fail. open_session checks
 * only whether the token was revoked in the meantime.
 */
static const struct {
	int (*call)(pam_handle_t *, int);
	int flags;
	enum ledger_phase closed;
	const char *name;
} HOOKS[] = {
    {pam_authenticate, 0, LEDGER_BARRED, "authenticate"},
    {pam_acct_mgmt, 0, LEDGER_BARRED, "acct_mgmt"},
    {pam_setcred, PAM_ESTABLISH_CRED, LEDGER_REVOKED + 1, "setcred"},
    {pam_open_session, 0, LEDGER_REVOKED, "open_session"},
};

static enum outcome
call_hooks(
    pam_handle_t *pamh, struct ledger *ledger, const struct ledger_entry *entry)
{
	enum outcome outcome = ACCEPTED;
	char what[64];

	for (size_t i = 0; i < COUNT_OF(HOOKS); i++) {
		enum ledger_phase before = atomic_load(&entry->phase);

		if (HOOKS[i].call(pamh, HOOKS[i].flags) != PAM_SUCCESS)
			return REFUSED;
		if (before < HOOKS[i].closed)
			continue;
		outcome = TOO_LATE;
		(void)snprintf(what, sizeof(what),
		    "let in by %s, and it was gone", HOOKS[i].name);
		ledger_fail(ledger, entry, what);
	}
	return outcome;
}

static enum outcome
log_in(struct ledger *ledger, const struct ledger_entry *entry)
{
	pam_handle_t *pamh = client_start(
	    LOGINS_SERVICE, entry->user, entry->text);
	enum outcome outcome = REFUSED;

	if (pamh != NULL)
		outcome = call_hooks(pamh, ledger, entry);
	if (outcome != REFUSED)
		(void)pam_close_session(pamh, 0);
	client_end(pamh);
	return outcome;
}

static void
judge(struct ledger *ledger, struct ledger_entry *entry, enum outcome outcome,
    enum ledger_phase before)
{
	if (outcome == ACCEPTED && atomic_fetch_add(&entry->accepted, 1) > 0 &&
	    entry->once)
		ledger_fail(ledger, entry, "accepted twice");
	if (outcome == REFUSED && before >= LEDGER_BARRED)
		(void)atomic_fetch_add(&entry->refused, 1);
	/* It was active from before the start until after the end. */
	if (outcome == REFUSED && before == LEDGER_ACTIVE && !entry->once &&
	    atomic_load(&entry->phase) == LEDGER_ACTIVE)
		ledger_fail(ledger, entry, "refused, and it was active");
}

static void
try(struct ledger *ledger, struct ledger_entry *entry)
{
	enum ledger_phase before = atomic_load(&entry->phase);
	uint64_t start = ledger_now();
	enum outcome outcome;

	if (before == LEDGER_EMPTY)
		return;
	outcome = log_in(ledger, entry);
	ledger_note_time(&ledger->slowest_login, start);
	(void)atomic_fetch_add(
	    outcome == REFUSED ? &ledger->refused : &ledger->accepted, 1);
	judge(ledger, entry, outcome, before);
}

/* Now and then any entry, else a recent one; NULL if there is none yet. */
static struct ledger_entry *
choose(struct ledger *ledger, struct unit_random *random, size_t *seen)
{
	size_t count = atomic_load(&ledger->reserved);
	size_t hot = atomic_load(&ledger->hot), first = 0;

	if (hot != *seen) {
		*seen = hot;
		return &ledger->entries[hot - 1];
	}
	if (count == 0)
		return NULL;
	if (count > RECENT && unit_random_below(random, 8) != 0)
		first = count - RECENT;
	return &ledger->entries[first +
	    unit_random_below(random, (uint32_t)(count - first))];
}

void
logins_run(struct ledger *ledger, uint64_t seed)
{
	static const struct timespec MOMENT = {.tv_nsec = 1000000};
	struct unit_random random = {seed};
	size_t seen = 0;

	while (!atomic_load(&ledger->over)) {
		struct ledger_entry *entry = choose(ledger, &random, &seen);

		if (entry != NULL)
			try(ledger, entry);
		else
			(void)nanosleep(&MOMENT, NULL);
	}
}

void
logins_review(struct ledger *ledger)
{
	size_t count = atomic_load(&ledger->reserved);

	for (size_t i = 0; i < count; i++) {
		struct ledger_entry *entry = &ledger->entries[i];

		if (entry->once && atomic_load(&entry->accepted) > 0)
			continue;
		try(ledger, entry);
		if (entry->once &&
		    atomic_load(&entry->phase) == LEDGER_ACTIVE &&
		    atomic_load(&entry->accepted) == 0)
			ledger_fail(ledger, entry, "used up, and by nobody");
	}
}
