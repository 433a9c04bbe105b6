#include "fleet/fleet_https_impl.h"

static enum err
tell_all(struct https_state *state, int64_t deadline, struct error *why)
{
	struct fleet_helper *helper = &state->helper;
	enum err rc = fleet_tell(
	    helper, "protocol", FLEET_FRAME_PROTOCOL, deadline, why);

	if (rc == ERR_OK)
		rc = fleet_tell(helper, "source", state->source, deadline, why);
	if (rc == ERR_OK && state->policy.user[0] != '\0')
		rc = fleet_tell(
		    helper, "user", state->policy.user, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_tell_files(helper, &state->told, deadline, why);
	return rc;
}

enum err
https_state_ready(
    struct https_state *state, int64_t deadline, struct error *why)
{
	enum err rc;

	if (state->helper.pid != 0 && fleet_told_is_true(&state->told))
		return ERR_OK;
	fleet_helper_end(&state->helper);
	rc = fleet_helper_start(&state->helper, fleet_https_program(), why);
	if (rc == ERR_OK)
		rc = tell_all(state, deadline, why);
	if (rc != ERR_OK)
		fleet_helper_end(&state->helper);
	return rc;
}
