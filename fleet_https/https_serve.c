#include "fleet_https/https_serve.h"

#include <stdlib.h>
#include <string.h>
#include <poll.h>

#include "base/crypto.h"
#include "base/deadline.h"
#include "fleet_helper/helper_talk.h"
#include "fleet_https/https_fetch.h"
#include "fleet_https/https_site.h"

#define IDLE 60000 /* milliseconds */
#define NO_DESCRIPTOR (-1)

struct server {
	struct helper_talk talk;
	bool is_ready;   /* it has its settings */
	enum err failed; /* one of them; why it did */
	struct error failure;
	struct https_site site;
	struct https_gets *gets;
	struct https_fetches fetches;
};

static enum err
send_bytes(const struct server *server, const uint8_t *bytes, size_t len)
{
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len > 0) {
		size_t part = len < FLEET_FRAME_MAX ? len : FLEET_FRAME_MAX;

		rc = helper_talk_send(
		    &server->talk, FLEET_FRAME_BYTES, bytes, part, NULL, 0);
		bytes += part;
		len -= part;
	}
	return rc;
}

/* What a file begins with. */
static enum err
send_head(struct server *server, const char *issuer, const char *url,
    int64_t deadline)
{
	struct https_fetch *fetch = https_fetches_find(
	    &server->fetches, issuer);
	struct https_get *get = https_get_begin(
	    server->gets, url, FLEET_HEAD_MAX, deadline_poll(deadline) + 1);
	const uint8_t *bytes = NULL;
	struct error why;
	size_t len = 0;
	enum err answer, rc;

	while (get != NULL && !https_get_is_over(get) &&
	    deadline_poll(deadline) > 0)
		https_gets_go_on(
		    server->gets, NO_DESCRIPTOR, deadline_poll(deadline));
	answer = get == NULL ? error_plain(&why, ERR_NOMEM)
			     : https_get_result(get, &bytes, &len, &why);
	if (answer == ERR_OK && fetch != NULL)
		https_fetch_note(fetch, bytes, len);
	rc = answer == ERR_OK ? send_bytes(server, bytes, len) : ERR_OK;
	https_get_end(get);
	return rc == ERR_OK ? helper_talk_end(&server->talk, answer, &why) : rc;
}

/* Waits for a whole file. */
static enum err
fetch_whole(struct server *server, struct https_fetch *fetch, const char *url,
    int64_t deadline, const uint8_t **bytes, size_t *len, struct error *why)
{
	enum err rc = https_fetch_begin(fetch, server->gets, url, why);

	if (rc != ERR_OK)
		return rc;
	while (!https_get_is_over(fetch->get) && deadline_poll(deadline) > 0)
		https_gets_go_on(
		    server->gets, NO_DESCRIPTOR, deadline_poll(deadline));
	return https_fetch_give(fetch, bytes, len, why);
}

/* All of a file. */
static enum err
send_whole(struct server *server, const char *issuer, const char *url,
    int64_t deadline)
{
	struct https_fetch *fetch = https_fetches_find(
	    &server->fetches, issuer);
	const uint8_t *bytes = NULL;
	struct error why;
	size_t len = 0;
	enum err answer, rc = ERR_OK;

	answer = fetch == NULL
	    ? error_set(&why, ERR_BUSY, "too many files are being fetched")
	    : fetch_whole(server, fetch, url, deadline, &bytes, &len, &why);
	if (answer == ERR_OK)
		rc = send_bytes(server, bytes, len);
	return rc == ERR_OK ? helper_talk_end(&server->talk, answer, &why) : rc;
}

static bool
is_readable(int descriptor)
{
	struct pollfd fd = {.fd = descriptor, .events = POLLIN};

	return poll(&fd, 1, 0) > 0;
}

/* Until a file that was asked for is there, or we are told to stop. */
static enum err
wait_for_news(struct server *server, int64_t deadline)
{
	while (deadline_poll(deadline) > 0 &&
	    !is_readable(server->talk.socket) &&
	    !https_fetches_have_news(&server->fetches))
		https_gets_go_on(
		    server->gets, server->talk.socket, deadline_poll(deadline));
	return helper_talk_end(&server->talk, ERR_OK, NULL);
}

/* What the settings have come to, once all are there. */
static enum err
get_ready(struct server *server)
{
	if (server->is_ready)
		return server->failed;
	server->is_ready = true;
	if (server->failed == ERR_OK)
		server->failed = https_site_end(
		    &server->site, &server->failure);
	if (server->failed == ERR_OK)
		server->gets = https_gets_new(&server->site.identity);
	if (server->failed == ERR_OK && server->gets == NULL)
		server->failed = error_plain(&server->failure, ERR_NOMEM);
	return server->failed;
}

static enum err
send_file(struct server *server, const struct fleet_frame *rest,
    enum fleet_frame_kind kind, int64_t deadline)
{
	char issuer[PARSE_HOST_MAX + 1] = "", *url;
	enum err rc;

	if (rest->len > 0 && !fleet_frame_issuer(rest, issuer))
		return ERR_INVALID;
	url = https_site_url(&server->site, issuer);
	if (url == NULL)
		return ERR_NOMEM;
	rc = kind == FLEET_FRAME_LIST
	    ? send_whole(server, issuer, url, deadline)
	    : send_head(server, issuer, url, deadline);
	free(url);
	return rc;
}

/* A request and its answer. */
static enum err
answer(struct server *server, const struct fleet_frame *frame)
{
	struct fleet_frame rest = *frame;
	uint32_t milliseconds;
	int64_t deadline;
	enum err rc;

	if (!fleet_frame_take_number(&rest, &milliseconds))
		return ERR_INVALID;
	deadline = deadline_in(milliseconds);
	rc = get_ready(server);
	if (rc != ERR_OK)
		return helper_talk_end(&server->talk, rc, &server->failure);
	https_fetches_tidy(&server->fetches, false);
	if (frame->kind != FLEET_FRAME_WAIT)
		return send_file(server, &rest, frame->kind, deadline);
	/* Unless what ends it has come with it */
	if (helper_talk_has_more(&server->talk, frame))
		deadline = 0;
	return wait_for_news(server, deadline);
}

/* One that is wrong is the answer to the first request. */
static enum err
take_setting(struct server *server, const struct fleet_frame *frame)
{
	if (server->is_ready)
		return ERR_INVALID;
	if (server->failed == ERR_OK)
		server->failed = https_site_take(
		    &server->site, frame, &server->failure);
	return ERR_OK;
}

static enum err
take_frame(void *arg, const struct fleet_frame *frame)
{
	switch (frame->kind) {
	case FLEET_FRAME_SETTING:
		return take_setting(arg, frame);
	case FLEET_FRAME_READ_HEADS:
	case FLEET_FRAME_LIST:
	case FLEET_FRAME_WAIT:
		return answer(arg, frame);
	case FLEET_FRAME_STOP:
		return ERR_OK;
	default:
		return ERR_INVALID;
	}
}

/* Between two requests, what is being fetched goes on. */
static enum err
hear(struct server *server, bool *is_over)
{
	while (server->gets != NULL && !is_readable(server->talk.socket)) {
		https_gets_go_on(server->gets, server->talk.socket, IDLE);
		https_fetches_tidy(&server->fetches, false);
	}
	return helper_talk_hear(&server->talk, take_frame, server, is_over);
}

enum err
https_serve(int socket)
{
	struct server *server = calloc(1, sizeof(*server));
	bool is_over = false;
	enum err rc = ERR_OK;

	if (server == NULL)
		return ERR_NOMEM;
	server->talk.socket = socket;
	while (rc == ERR_OK && !is_over)
		rc = hear(server, &is_over);
	https_fetches_tidy(&server->fetches, true);
	https_gets_free(server->gets);
	https_site_free(&server->site);
	crypto_wipe(server, sizeof(*server));
	free(server);
	return rc;
}
