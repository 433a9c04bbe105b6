/*
 * One pass of the agent: what this machine issues goes to the engine, what
 * others issue comes from there, and the heartbeat says how far that went.
 */
#ifndef TOKENADM_AGENT_PASS_H
#define TOKENADM_AGENT_PASS_H

#include <stdbool.h>

#include "cli/command.h"
#include "fleet/agent_fold.h"
#include "fleet/fleet_engine.h"
#include "fleet/fleet_heartbeat.h"
#include "fleet/fleet_key.h"
#include "fleet/fleet_known.h"
#include "fleet/fleet_news.h"
#include "fleet/fleet_trust.h"
#include "outbox/engine.h"

#define AGENT_TOPICS 4 /* the engine, the outbox, the issuers, sessions */

/* What was last said about an issuer, or the engine: not again and again. */
struct agent_said {
	char about[PARSE_HOST_MAX + 1];
	struct error text; /* "" for nothing */
	int64_t again;     /* other words of what is wrong not before */
};

/* What the agent keeps of an issuer between two changes. */
struct agent_issuer {
	char issuer[PARSE_HOST_MAX + 1];
	struct fleet_known known;
	/* Since when a head is there that was not told; 0: none is */
	int64_t behind;
	/* The head with which its list was refused, why, and for how long */
	struct fleet_head refused;
	struct error refusal;
	int64_t again; /* nanoseconds after boot; 0: it was not */
	int64_t rest;  /* milliseconds */
};

struct agent {
	struct context *context;
	struct fleet_key key;
	bool is_issuer;
	bool is_once; /* one pass, and no more */
	struct engine engine;
	struct fleet_trusts trusts;
	struct fleet_heartbeat heartbeat; /* as it was written last */
	struct fold_wait wait;            /* revocations that may go soon */
	struct fleet_news news; /* that was told, and is not applied yet */
	struct agent_issuer issuers[FLEET_ISSUERS_MAX];
	size_t issuer_count;
	struct agent_said said[FLEET_ISSUERS_MAX + AGENT_TOPICS];
	size_t said_count;
	/* The last pass has applied something, or none was yet */
	bool has_news;
	bool is_behind; /* what has changed will be told in a moment */
	/* When to try again the sessions that could not be ended; 0: none */
	int64_t sessions_next;
	bool has_failed;
};

/* Begins with the config of the context; end it in any case. */
enum err agent_begin(struct agent *agent, struct context *context);
void agent_end(struct agent *agent);

/*
 * Does it once. What goes wrong with one issuer is said on standard error, and
 * keeps no other from being applied; has_failed is set.
 */
void agent_pass(struct agent *agent);

/*
 * Applies what was told since, without asking the engine anything: no issuer
 * becomes fresher by it. False if a pass has to see to it.
 */
bool agent_take_news(struct agent *agent);

/* Says it, unless it was said last about that already; NULL: all is well. */
void agent_say(struct agent *agent, const char *about, const char *text);

#endif
