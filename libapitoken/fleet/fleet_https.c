#include "fleet/fleet_https.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "base/growing.h"
#include "fleet/fleet_file_impl.h"
#include "fleet/fleet_https_impl.h"
#include "fleet/fleet_trust.h"

#define SCHEME "https://"
#define HEAD_PATIENCE 1500 /* milliseconds for one head */
#define PAUSE_LEAST 2000   /* milliseconds between two looks */
#define PAUSE_MOST 60000
#define SECOND 1000 /* milliseconds */

bool
fleet_https_is_url(const char *source)
{
	return strncmp(source, SCHEME, strlen(SCHEME)) == 0;
}

const char *
fleet_https_program(void)
{
	return FLEET_HTTPS;
}

/* Two looks may fail before what is known is too old. */
static int64_t
https_pause(const struct config *config)
{
	int64_t pause = config->fleet.stale_after * SECOND / 3;

	return pause < PAUSE_LEAST ? PAUSE_LEAST
	    : pause > PAUSE_MOST   ? PAUSE_MOST
				   : pause;
}

/* NULL: the path is empty. */
static const char *
path_or_none(const char *path)
{
	return path[0] == '\0' ? NULL : path;
}

static enum err
https_open(void **opened, const struct config *config, int64_t deadline,
    struct error *why)
{
	struct https_state *state = calloc(1, sizeof(*state));
	struct https_policy *policy;

	(void)deadline;
	*opened = state;
	if (state == NULL)
		return error_plain(why, ERR_NOMEM);
	policy = &state->policy;
	*policy = config->https;
	strcpy(state->source, config->fleet.source);
	strcpy(state->issuers, config->fleet.issuers);
	/* While one issuer is waited for, the others get older. */
	state->list_patience = config->fleet.stale_after * SECOND / 4;
	state->told.paths[FLEET_TOLD_CA] = path_or_none(policy->ca);
	state->told.paths[FLEET_TOLD_CERTIFICATE] = path_or_none(
	    policy->certificate);
	state->told.paths[FLEET_TOLD_KEY] = path_or_none(policy->key);
	if (policy->user[0] != '\0')
		state->told.paths[FLEET_TOLD_PASSWORD] = policy->password;
	if ((policy->certificate[0] == '\0') != (policy->key[0] == '\0'))
		return error_set(why, ERR_CONFIG,
		    "[https]: certificate and key go together");
	return ERR_OK;
}

static void
https_close(void *opened)
{
	struct https_state *state = opened;

	if (state == NULL)
		return;
	fleet_helper_end(&state->helper);
	free(state);
}

/* What has come of a file. */
struct got {
	struct growing file;
	size_t most; /* bytes of it */
};

static enum err
take_bytes(void *arg, struct fleet_frame *frame)
{
	struct got *got = arg;

	return frame->kind == FLEET_FRAME_BYTES
	    ? growing_add(&got->file, got->most, frame->body, frame->len)
	    : ERR_INVALID;
}

/* The time for the program's answer: what is left for us is a little more. */
static int64_t
answer_until(int64_t deadline, int64_t patience)
{
	int64_t now = deadline_in(0), left = (deadline - now) / 4 * 3;
	int64_t most = deadline_in(patience);

	return now + left < most ? now + left : most;
}

/*
 * Gets a file, or its begin, of up to most bytes; free file->bytes, even after
 * an error.
 */
static enum err
get(struct https_state *state, enum fleet_frame_kind what, const char *name,
    int64_t patience, size_t most, struct growing *file, int64_t deadline,
    struct error *why)
{
	struct fleet_helper *helper = &state->helper;
	struct got got = {.most = most};
	enum err rc = https_state_ready(state, deadline, why);

	if (rc == ERR_OK)
		rc = fleet_ask(
		    helper, what, name, answer_until(deadline, patience), why);
	if (rc == ERR_OK)
		rc = fleet_ask_parts(helper, take_bytes, &got, deadline, why);
	*file = got.file;
	return rc;
}

/* Whether the source is one file, of whomever its head names. */
static bool
is_one_file(const struct https_state *state)
{
	return state->source[strlen(state->source) - 1] != '/';
}

/* What is wrong with one head keeps no other from being read. */
static enum err
add_head(struct https_state *state, const char *issuer,
    struct fleet_engine_heads *heads, int64_t deadline, struct error *why)
{
	struct fleet_file_begin begin = {.rc = ERR_SYSTEM};
	struct growing got;
	enum err rc;

	begin.rc = get(state, FLEET_FRAME_READ_HEADS,
	    issuer == NULL ? "" : issuer, HEAD_PATIENCE, FLEET_HEAD_MAX, &got,
	    deadline, &begin.why);
	begin.bytes = got.bytes == NULL ? (const uint8_t *)"" : got.bytes;
	begin.len = got.len;
	rc = fleet_file_add_head(heads, issuer, &begin, why);
	free(got.bytes);
	return rc;
}

/* A web server does not list its files: those are read whom we believe. */
static enum err
https_read_heads(void *opened, struct fleet_engine_heads *heads,
    int64_t deadline, struct error *why)
{
	struct https_state *state = opened;
	struct fleet_trusts trusts = {0};
	enum err rc = https_state_ready(state, deadline, why);

	*heads = (struct fleet_engine_heads){0};
	if (rc == ERR_OK && is_one_file(state))
		return add_head(state, NULL, heads, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_trusts_read(&trusts, state->issuers, why);
	for (size_t i = 0; rc == ERR_OK && i < trusts.count; i++) {
		const struct fleet_trust *trust = &trusts.each[i];

		if (fleet_trust_lasts(trust, time(NULL)))
			rc = add_head(
			    state, trust->issuer, heads, deadline, why);
	}
	fleet_trusts_free(&trusts);
	return rc;
}

static enum err
https_list(void *opened, const char *issuer, struct fleet_engine_list *list,
    int64_t deadline, struct error *why)
{
	struct https_state *state = opened;
	struct error cause;
	struct growing got;
	enum err rc = get(state, FLEET_FRAME_LIST,
	    is_one_file(state) ? "" : issuer, state->list_patience,
	    FLEET_HTTPS_MAX, &got, deadline, why);

	*list = (struct fleet_engine_list){.bytes = got.bytes};
	if (rc != ERR_OK)
		return rc;
	rc = fleet_snapshot_read(&list->list,
	    got.bytes == NULL ? (const uint8_t *)"" : got.bytes, got.len,
	    &cause);
	return rc == ERR_OK ? rc
			    : error_set(why, rc, "issuer %s: what %s has: %s",
				  issuer, state->source, cause.text);
}

static enum err
https_put(void *opened, const struct fleet_engine_put *put, int64_t deadline,
    struct error *why)
{
	const struct https_state *state = opened;

	(void)put;
	(void)deadline;
	return error_set(why, ERR_CONFIG,
	    "%s is only read: issue on the machine that has the files, with "
	    "their directory as [fleet] source",
	    state->source);
}

/* Until a file is there that was asked for. */
static enum err
https_wait(void *opened, struct fleet_news *news, int wake, int64_t deadline,
    struct error *why)
{
	struct https_state *state = opened;

	if (state->helper.pid != 0 &&
	    fleet_ask_wait(&state->helper, news, wake, deadline, why) == ERR_OK)
		return ERR_OK;
	return fleet_file_wait(NULL, news, wake, deadline, why);
}

const struct fleet_engine fleet_https = {
    .name = "file",
    .most = SIZE_MAX,
    .open = https_open,
    .close = https_close,
    .read_heads = https_read_heads,
    .list = https_list,
    .put_if = https_put,
    .rewrite = https_put,
    .wait = https_wait,
    .pause = https_pause,
};
