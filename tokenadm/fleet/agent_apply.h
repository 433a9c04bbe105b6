/* What one issuer has signed comes from the engine into fleet.tdb. */
#ifndef TOKENADM_AGENT_APPLY_H
#define TOKENADM_AGENT_APPLY_H

#include "fleet/agent_pass.h"

/* Milliseconds for one answer, and for a list: a million records */
#define ENGINE_PATIENCE 10000
#define LIST_PATIENCE 60000

/*
 * Lists all of an issuer, and applies it: *applied is at least the head that
 * was read. What is refused is not listed again at once: as long as the head
 * stays the same, it rests for longer and longer, and the error is what it was.
 * now is in nanoseconds after boot. Errors of the engine, or as fleet_apply.
 */
enum err agent_list(struct agent *agent, const struct fleet_trust *trust,
    const struct fleet_head *head, struct fleet_head *applied, int64_t now,
    struct error *why);

/*
 * Whether a change that the heads tell is better waited for than listed: for a
 * moment, where the engine tells what has changed.
 */
bool agent_awaits_news(struct agent *agent, const char *issuer);

/* The issuer's head is applied: reads in time what its next change needs. */
void agent_keep_known(struct agent *agent, const char *issuer);

/*
 * Applies what was told of an issuer, if anything was. Errors as
 * fleet_apply_changes.
 */
enum err agent_apply_news(
    struct agent *agent, const struct fleet_trust *trust, struct error *why);

#endif
