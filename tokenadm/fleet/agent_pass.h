/*
 * One pass of the agent: what this machine issues goes to the engine, what
 * others issue comes from there, and the heartbeat says how far that went.
 */
#ifndef TOKENADM_AGENT_PASS_H
#define TOKENADM_AGENT_PASS_H

#include <stdbool.h>

#include "cli/command.h"
#include "fleet/fleet_engine.h"
#include "fleet/fleet_heartbeat.h"
#include "fleet/fleet_key.h"
#include "fleet/fleet_trust.h"
#include "outbox/engine.h"

/* What was last said about an issuer, or the engine: not again and again. */
struct agent_said {
	char about[PARSE_HOST_MAX + 1];
	struct error text; /* "" for nothing */
	int64_t again;     /* other words of what is wrong not before */
};

struct agent {
	struct context *context;
	struct fleet_key key;
	bool is_issuer;
	struct engine engine;
	struct fleet_trusts trusts;
	struct fleet_heartbeat heartbeat; /* as it was written last */
	struct agent_said said[FLEET_ISSUERS_MAX + 2];
	size_t said_count;
	bool
	    has_news; /* the last pass has applied something, or none was yet */
	bool has_failed;
};

/* Begins with the config of the context; end it in any case. */
enum err agent_begin(struct agent *agent, struct context *context);
void agent_end(struct agent *agent);

/*
 * Does it once. What goes wrong with one issuer is said on standard error, and
 * keeps no other from being applied; has_failed is set. An error is returned if
 * nothing could be done.
 */
enum err agent_pass(struct agent *agent);

/* Says it, unless it was said last about that already; NULL: all is well. */
void agent_say(struct agent *agent, const char *about, const char *text);

#endif
