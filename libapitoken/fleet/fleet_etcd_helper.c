#include <string.h>

#include "base/list.h"
#include "fleet/fleet_etcd_impl.h"

/* Which of the policy's files count. */
void
etcd_state_name_files(struct etcd_state *state)
{
	const struct etcd_policy *policy = &state->policy;
	const char **paths = state->told.paths;
	bool has_user = policy->user[0] != '\0';
	bool has_certificate = policy->certificate[0] != '\0';

	paths[FLEET_TOLD_CA] = policy->ca;
	paths[FLEET_TOLD_CERTIFICATE] = has_certificate ? policy->certificate
							: NULL;
	paths[FLEET_TOLD_KEY] = has_certificate ? policy->key : NULL;
	paths[FLEET_TOLD_PASSWORD] = has_user ? policy->password : NULL;
}

static enum err
tell_endpoints(struct etcd_state *state, int64_t deadline, struct error *why)
{
	const char *rest = state->policy.endpoints;
	char word[LIST_WORD_MAX + 1];
	enum err rc = ERR_OK;

	while (rc == ERR_OK && list_next(&rest, word))
		rc = fleet_tell(
		    &state->helper, "endpoint", word, deadline, why);
	return rc;
}

static enum err
tell_all(struct etcd_state *state, int64_t deadline, struct error *why)
{
	const struct etcd_policy *policy = &state->policy;
	struct fleet_helper *helper = &state->helper;
	char prefix[CONFIG_PREFIX_MAX + 1 + CONFIG_FLEET_ID_LEN + 1];
	enum err rc;

	strcpy(prefix, policy->prefix);
	strcat(prefix, "/");
	strcat(prefix, state->fleet);
	rc = fleet_tell(
	    helper, "protocol", FLEET_FRAME_PROTOCOL, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_tell(helper, "prefix", prefix, deadline, why);
	if (rc == ERR_OK)
		rc = tell_endpoints(state, deadline, why);
	if (rc == ERR_OK && policy->user[0] != '\0')
		rc = fleet_tell(helper, "user", policy->user, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_tell_files(helper, &state->told, deadline, why);
	return rc;
}

enum err
etcd_state_ready(struct etcd_state *state, int64_t deadline, struct error *why)
{
	enum err rc;

	if (state->helper.pid != 0 && fleet_told_is_true(&state->told))
		return ERR_OK;
	fleet_helper_end(&state->helper);
	rc = fleet_helper_start(&state->helper, fleet_etcd_program(), why);
	if (rc == ERR_OK)
		rc = tell_all(state, deadline, why);
	if (rc != ERR_OK)
		fleet_helper_end(&state->helper);
	return rc;
}
