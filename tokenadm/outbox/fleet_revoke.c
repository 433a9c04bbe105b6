#include "outbox/fleet_revoke.h"

#include "fleet/fleet_trust.h"
#include "outbox/fleet_side.h"

enum err
fleet_revoke_check(struct context *context)
{
	const struct fleet_side *side = context->fleet;
	const char *directory = side->local.fleet.issuers;
	const struct fleet_trust *own;
	struct fleet_trusts trusts;
	enum err rc = fleet_trusts_read(&trusts, directory, &context->error);

	if (rc != ERR_OK)
		return rc;
	own = fleet_trusts_find(&trusts, side->key.issuer, context->now);
	if (own == NULL || !own->may_revoke)
		rc = error_about(&context->error, "fleet", NULL,
		    error_set(&context->error, ERR_POLICY,
			"%s/%s.pub: does not let this machine revoke what "
			"others "
			"have issued; it has to say may = revoke, here and "
			"everywhere",
			directory, side->key.issuer));
	fleet_trusts_free(&trusts);
	return rc;
}

enum err
fleet_revoke_run(struct context *context, struct fleet_other *other,
    const struct record_event *event, bool ends_sessions, bool *changed)
{
	struct fleet_revocation revocation = {.expires = other->until,
	    .ends_sessions = ends_sessions || other->ends_sessions};

	*changed = other->token.state != RECORD_REVOKED;
	if (other->is_revoked_here && (other->ends_sessions || !ends_sessions))
		return ERR_OK;
	if (*changed)
		other->token.ended = *event;
	other->token.state = RECORD_REVOKED;
	revocation.ended = other->token.ended;
	return fleet_change_revoke(context->fleet->change, other->token.id,
	    &revocation, &context->error);
}
