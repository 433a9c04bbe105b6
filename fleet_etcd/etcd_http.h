/*
 * Requests over HTTPS, to servers that one CA vouches for. The only file here
 * that knows libcurl. Nothing comes from the environment; redirects, other
 * protocols, compression and long answers are refused.
 */
#ifndef APITOKEN_ETCD_HTTP_H
#define APITOKEN_ETCD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "fleet_helper/helper_identity.h"

#define HTTP_ANSWER_MAX (12U << 20) /* bytes */
#define HTTP_LINE_MAX (1U << 20)

struct http;

/* NULL: no memory. What identity points to must stay valid. */
struct http *http_new(const struct helper_identity *identity);
void http_free(struct http *http);

struct http_request {
	const char *url;
	const char *token;    /* for Authorization; NULL: none */
	const char *body;     /* JSON */
	int64_t milliseconds; /* until there must be an answer */
	bool is_once;         /* never sent again on a new connection */
};

struct http_answer {
	long status;
	char *body; /* to be freed */
	size_t len;
	bool was_sent; /* some of the request, even if there is no answer */
	int64_t date;  /* the server's clock, in seconds; -1: not told */
};

/*
 * Sends a request. ERR_OK: there is an answer, of any status. ERR_BUSY: not in
 * time. ERR_SYSTEM: no connection, or it broke. ERR_REFUSED: the server or we
 * did not prove who we are. ERR_INVALID: it answers what is no HTTP, or too
 * much. Free the answer, even after an error.
 */
enum err http_post(struct http *http, const struct http_request *request,
    struct http_answer *answer, struct error *why);
void http_answer_free(struct http_answer *answer);

/* A request whose answer comes in lines, and does not end. */
struct http_stream;

struct http_stream *http_stream_open(
    struct http *http, const struct http_request *request);
void http_stream_close(struct http_stream *stream); /* takes NULL */

/*
 * Waits until something has come, descriptor (-1: none) is readable, or the
 * time is over. False: the stream has ended, for any reason.
 */
bool http_stream_wait(
    struct http_stream *stream, int descriptor, int milliseconds);

/* The next line; valid until the next wait. False: it has not come yet. */
bool http_stream_line(
    struct http_stream *stream, const char **line, size_t *len);

#endif
