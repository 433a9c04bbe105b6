/* Shared by fleet_https.c and its part only. */
#ifndef APITOKEN_FLEET_HTTPS_IMPL_H
#define APITOKEN_FLEET_HTTPS_IMPL_H

#include "fleet/fleet_ask.h"
#include "fleet/fleet_https.h"

struct https_state {
	struct https_policy policy;
	char source[CONFIG_PATH_MAX + 1];
	char issuers[CONFIG_PATH_MAX + 1];
	int64_t list_patience;  /* milliseconds */
	struct fleet_told told; /* its paths lie in policy */
	struct fleet_helper helper;
};

/*
 * Starts the helper and tells it its settings, unless it runs and the files are
 * as they were. ERR_MISSING, ERR_UNSAFE, ERR_DENIED, ERR_CONFIG, ERR_SYSTEM,
 * ERR_BUSY.
 */
enum err https_state_ready(
    struct https_state *state, int64_t deadline, struct error *why);

#endif
