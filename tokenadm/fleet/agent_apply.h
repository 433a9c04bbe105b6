/* What one issuer has signed comes from the engine into fleet.tdb. */
#ifndef TOKENADM_AGENT_APPLY_H
#define TOKENADM_AGENT_APPLY_H

#include "fleet/agent_pass.h"

#define ENGINE_PATIENCE 10000 /* milliseconds for one answer */

/*
 * Brings what is applied up to the head that was read, or a later one, which
 * *applied becomes. By what was told if that is enough, else all is listed; but
 * for a moment it may be on its way: then *is_behind is set.
 */
enum err agent_catch_up(struct agent *agent, const struct fleet_trust *trust,
    const struct fleet_head *head, struct fleet_head *applied, bool *is_behind,
    struct error *why);

/*
 * Applies what was told of an issuer; *is_done says whether it was anything.
 * Errors as fleet_apply_changes.
 */
enum err agent_apply_news(struct agent *agent, const struct fleet_trust *trust,
    bool *is_done, struct error *why);

#endif
