#include "fleet_etcd/etcd_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crypto.h"
#include "base/deadline.h"

#define JITTER 128 /* milliseconds before a log-in that is not the first */
/* So many requests without an answer are reason to log in anew */
#define UNANSWERED_MOST 2

/* Codes of gRPC */
#define CODE_INVALID 3
#define CODE_PERMISSION 7
#define CODE_PRECONDITION 9
#define CODE_UNAUTHENTICATED 16

/* What became of one request at one endpoint. */
enum outcome {
	OUTCOME_DONE,
	OUTCOME_LOGGED_OUT, /* the token is no good any more */
	OUTCOME_ELSEWHERE,  /* trouble that another endpoint may not have */
	OUTCOME_FINAL,      /* trouble that each of them would have */
};

static void
free_secret(char *text)
{
	if (text != NULL)
		crypto_wipe(text, strlen(text));
	free(text);
}

void
etcd_client_free(struct etcd_client *client)
{
	http_free(client->http);
	for (size_t i = 0; i < client->count; i++)
		free(client->endpoints[i].url);
	helper_identity_free(&client->identity);
	crypto_wipe(client, sizeof(*client));
}

int64_t
etcd_client_left(int64_t deadline, int64_t most)
{
	int64_t left = deadline_left(deadline);

	return left < 0 ? 0 : left < most ? left : most;
}

static enum err
post(struct etcd_client *client, const struct etcd_call *call, int64_t deadline,
    struct http_answer *answer, struct error *why)
{
	const struct etcd_endpoint *endpoint =
	    &client->endpoints[client->current];
	char url[ETCD_URL_MAX + 64];
	enum err rc;
	struct http_request request = {
	    .url = url,
	    .token = endpoint->token[0] == '\0' ? NULL : endpoint->token,
	    .body = call->body,
	    .milliseconds = etcd_client_left(deadline, ETCD_PATIENCE),
	    .is_once = call->is_write,
	};

	*answer = (struct http_answer){0};
	if (request.milliseconds == 0)
		return error_set(why, ERR_BUSY, "no time is left");
	(void)snprintf(url, sizeof(url), "%s%s", endpoint->url, call->path);
	rc = http_post(client->http, &request, answer, why);
	client->date = rc == ERR_OK ? answer->date : -1;
	return rc;
}

/* The token that etcd gave does not hold any more, and nothing was done. */
static bool
is_logged_out(int code, const char *reason)
{
	return code == CODE_UNAUTHENTICATED ||
	    (code == CODE_INVALID &&
		strstr(reason, "revision of auth store is old") != NULL);
}

/* The gateway's own answer to who has a CN is a 400, and no JSON. */
static bool
is_for_a_name(const struct http_answer *http)
{
	json_t *answer = etcd_json_read(
	    http->body == NULL ? "" : http->body, http->len);
	bool is_for = http->status == 400 && answer == NULL;

	json_decref(answer);
	return is_for;
}

static enum err
refuse_name(struct error *why)
{
	return error_set(why, ERR_REFUSED,
	    "status 400: has the client certificate a CN? It is to have none");
}

/* An answer that is an error. */
static enum outcome
judge_error(const struct http_answer *http, enum err *rc, struct error *why)
{
	json_t *answer = etcd_json_read(http->body, http->len);
	char reason[ETCD_REASON_MAX + 1];
	int code = etcd_json_error(answer, reason);

	json_decref(answer);
	*rc = error_set(why, ERR_SYSTEM, "status %ld%s%s", http->status,
	    reason[0] == '\0' ? "" : ", ", reason);
	if (is_for_a_name(http)) {
		*rc = refuse_name(why);
		return OUTCOME_FINAL;
	}
	if (is_logged_out(code, reason) || http->status == 401)
		return OUTCOME_LOGGED_OUT;
	if (code != CODE_PERMISSION && code != CODE_PRECONDITION)
		return OUTCOME_ELSEWHERE;
	*rc = ERR_REFUSED;
	return OUTCOME_FINAL;
}

/* Whether it is the cluster that answered before, and not an older state. */
static enum err
check_source(
    struct etcd_client *client, const json_t *answer, struct error *why)
{
	struct etcd_source *seen = &client->seen, was = *seen, source;

	if (!etcd_json_source(answer, &source))
		return error_set(why, ERR_INVALID, "no answer of etcd's");
	*seen = source;
	if (was.cluster == 0 ||
	    (source.cluster == was.cluster && source.revision >= was.revision))
		return ERR_OK;
	if (source.cluster != was.cluster)
		return error_set(why, ERR_INVALID,
		    "another cluster (%016llx) than before (%016llx): made "
		    "anew, or restored?",
		    (unsigned long long)source.cluster,
		    (unsigned long long)was.cluster);
	return error_set(why, ERR_INVALID,
	    "etcd went back from revision %lld to %lld: restored?",
	    (long long)was.revision, (long long)source.revision);
}

static enum outcome
judge_answer(struct etcd_client *client, const struct http_answer *http,
    json_t **answer, enum err *rc, struct error *why)
{
	*rc = ERR_INVALID;
	if (http->status != 200)
		return judge_error(http, rc, why);
	*answer = etcd_json_read(
	    http->body == NULL ? "" : http->body, http->len);
	if (*answer == NULL) {
		(void)error_set(why, *rc, "no answer of etcd's");
		return OUTCOME_ELSEWHERE;
	}
	*rc = check_source(client, *answer, why);
	return *rc == ERR_OK ? OUTCOME_DONE : OUTCOME_FINAL;
}

/* A log-in at the current endpoint. */
static enum outcome
log_in(struct etcd_client *client, int64_t deadline, enum err *rc,
    struct error *why)
{
	char *token = client->endpoints[client->current].token;
	char *body = etcd_json_login(
	    client->identity.user, client->identity.password);
	struct etcd_call call = {.path = "/v3/auth/authenticate", .body = body};
	enum outcome outcome = OUTCOME_ELSEWHERE;
	struct http_answer http = {0};
	json_t *answer = NULL;

	*rc = body == NULL ? error_plain(why, ERR_NOMEM)
			   : post(client, &call, deadline, &http, why);
	free_secret(body);
	if (*rc != ERR_OK)
		goto out;
	if (is_for_a_name(&http)) {
		*rc = refuse_name(why);
		outcome = OUTCOME_FINAL;
	} else if (http.status == 400) {
		*rc = error_set(why, ERR_REFUSED,
		    "the log-in as %s was refused: look at [etcd] user and "
		    "password, and whether etcd's `auth` is enabled",
		    client->identity.user);
		outcome = OUTCOME_FINAL;
	} else if (http.status != 200) {
		outcome = judge_error(&http, rc, why);
	} else {
		answer = etcd_json_read(http.body, http.len);
		*rc = etcd_json_token(answer, token)
		    ? ERR_OK
		    : error_set(why, ERR_INVALID, "no answer of etcd's");
		outcome = *rc == ERR_OK ? OUTCOME_DONE : OUTCOME_ELSEWHERE;
	}
out:
	json_decref(answer);
	if (http.body != NULL)
		crypto_wipe(http.body, http.len);
	http_answer_free(&http);
	return outcome == OUTCOME_LOGGED_OUT ? OUTCOME_ELSEWHERE : outcome;
}

/* So that a fleet whose tokens all ended does not log in at once. */
static void
wait_before_log_in(int64_t deadline)
{
	uint8_t random = 0;
	int64_t span;
	struct timespec pause = {0};

	if (crypto_random(&random, sizeof(random)) != ERR_OK)
		return;
	span = etcd_client_left(deadline, random % JITTER);
	pause.tv_nsec = (long)span * 1000000;
	(void)nanosleep(&pause, NULL);
}

/*
 * A token has in it how long etcd's log was then. A member that was restored
 * from a snapshot does not refuse it: it waits until its own log is as long
 * (simple_token.go, isValidSimpleToken). An election costs one answer, too, and
 * is no reason for all machines to log in.
 */
static void
forget_unanswered(struct etcd_endpoint *endpoint, bool is_answered)
{
	endpoint->unanswered = is_answered ? 0 : endpoint->unanswered + 1;
	if (endpoint->unanswered < UNANSWERED_MOST)
		return;
	crypto_wipe(endpoint->token, sizeof(endpoint->token));
	endpoint->unanswered = 0;
}

/* One request at the current endpoint, with a log-in if that is needed. */
static enum outcome
try_once(struct etcd_client *client, const struct etcd_call *call,
    int64_t deadline, json_t **answer, enum err *rc, struct error *why)
{
	struct etcd_endpoint *endpoint = &client->endpoints[client->current];
	enum outcome outcome = OUTCOME_DONE;
	struct http_answer http;

	if (client->identity.user != NULL && endpoint->token[0] == '\0')
		outcome = log_in(client, deadline, rc, why);
	if (outcome != OUTCOME_DONE)
		return outcome;
	*rc = post(client, call, deadline, &http, why);
	if (*rc == ERR_OK || http.was_sent)
		forget_unanswered(endpoint, *rc == ERR_OK);
	if (*rc == ERR_OK)
		outcome = judge_answer(client, &http, answer, rc, why);
	else
		outcome = call->is_write && http.was_sent ? OUTCOME_FINAL
							  : OUTCOME_ELSEWHERE;
	if (*rc != ERR_OK && call->is_write && http.was_sent &&
	    outcome == OUTCOME_ELSEWHERE)
		outcome = OUTCOME_FINAL;
	http_answer_free(&http);
	return outcome;
}

static enum outcome
try_here(struct etcd_client *client, const struct etcd_call *call,
    int64_t deadline, json_t **answer, enum err *rc, struct error *why)
{
	struct etcd_endpoint *endpoint = &client->endpoints[client->current];
	enum outcome outcome = OUTCOME_LOGGED_OUT;

	for (int i = 0; i < 2 && outcome == OUTCOME_LOGGED_OUT; i++) {
		if (i > 0)
			wait_before_log_in(deadline);
		outcome = try_once(client, call, deadline, answer, rc, why);
		if (outcome != OUTCOME_DONE) {
			json_decref(*answer);
			*answer = NULL;
		}
		if (outcome == OUTCOME_LOGGED_OUT)
			crypto_wipe(endpoint->token, sizeof(endpoint->token));
		if (outcome == OUTCOME_LOGGED_OUT &&
		    client->identity.user == NULL) {
			*rc = error_set(why, ERR_REFUSED,
			    "a log-in is needed: set [etcd] user and "
			    "password");
			outcome = OUTCOME_FINAL;
		}
	}
	return outcome == OUTCOME_LOGGED_OUT ? OUTCOME_ELSEWHERE : outcome;
}

enum err
etcd_client_call(struct etcd_client *client, const struct etcd_call *call,
    int64_t deadline, json_t **answer, struct error *why)
{
	enum outcome outcome = OUTCOME_ELSEWHERE;
	size_t first = client->current;
	enum err rc = ERR_SYSTEM;
	struct error reason = {""};

	*answer = NULL;
	for (size_t i = 0; i < client->count && outcome == OUTCOME_ELSEWHERE &&
	     (i == 0 || etcd_client_left(deadline, 1) > 0);
	     i++) {
		if (i > 0)
			client->current = (client->current + 1) % client->count;
		outcome = try_here(
		    client, call, deadline, answer, &rc, &reason);
		if (outcome != OUTCOME_DONE)
			rc = error_set(why, rc, "%s: %s",
			    client->endpoints[client->current].url,
			    reason.text);
	}
	/* None answers: so that it is the same trouble the next time. */
	if (outcome == OUTCOME_ELSEWHERE)
		client->current = first;
	return rc;
}

struct http_stream *
etcd_client_stream(
    struct etcd_client *client, const char *path, const char *body)
{
	const struct etcd_endpoint *endpoint =
	    &client->endpoints[client->current];
	char url[ETCD_URL_MAX + 64];
	struct http_request request = {
	    .url = url,
	    .token = endpoint->token[0] == '\0' ? NULL : endpoint->token,
	    .body = body,
	    .milliseconds = ETCD_PATIENCE,
	};

	(void)snprintf(url, sizeof(url), "%s%s", endpoint->url, path);
	return http_stream_open(client->http, &request);
}
