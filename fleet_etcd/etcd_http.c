#include "fleet_etcd/etcd_http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/growing.h"
#include "fleet_helper/helper_curl.h"

struct http {
	CURL *easy; /* keeps its connections */
	struct helper_identity identity;
};

/* The transfer of one request. */
struct transfer {
	const struct http_request *request;
	size_t sent;   /* of the body, on this connection */
	bool was_sent; /* some of it, on any */
	struct growing got;
	size_t max; /* bytes that may come */
	bool is_too_long;
	int64_t date; /* -1: the server does not say */
	struct curl_slist *headers;
	char reason[CURL_ERROR_SIZE];
};

struct http_stream {
	CURLM *multi;
	CURL *easy;
	struct transfer transfer;
	struct http_request request;
	char *url, *body, *token;
	size_t taken; /* of the bytes that have come */
	int running;
};

struct http *
http_new(const struct helper_identity *identity)
{
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return NULL;
	http->identity = *identity;
	http->easy = curl_easy_init();
	if (http->easy != NULL)
		return http;
	http_free(http);
	return NULL;
}

void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	curl_easy_cleanup(http->easy);
	free(http);
}

/* Called when there is a connection: from here on, it may have been sent. */
static size_t
give(char *buffer, size_t size, size_t count, void *arg)
{
	struct transfer *transfer = arg;
	const char *body = transfer->request->body + transfer->sent;
	size_t len = strlen(body);

	if (len > size * count)
		len = size * count;
	memcpy(buffer, body, len);
	transfer->sent += len;
	transfer->was_sent = true;
	return len;
}

/*
 * curl sends a request again by itself if a connection that it has kept breaks.
 */
static int
begin_again(void *arg, curl_off_t offset, int origin)
{
	struct transfer *transfer = arg;

	if (transfer->request->is_once || origin != SEEK_SET || offset != 0)
		return CURL_SEEKFUNC_FAIL;
	transfer->sent = 0;
	return CURL_SEEKFUNC_OK;
}

static size_t
take(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *transfer = arg;
	size_t len = size * count;
	enum err rc = growing_add(&transfer->got, transfer->max, bytes, len);

	transfer->is_too_long = rc == ERR_INVALID;
	return rc == ERR_OK ? len : 0;
}

/* A line of the answer's head; of those only the date matters. */
static size_t
take_header(char *line, size_t size, size_t count, void *arg)
{
	static const char DATE[] = "Date:";
	struct transfer *transfer = arg;
	size_t len = size * count, from = sizeof(DATE) - 1;
	char text[64];

	if (len < from || len - from >= sizeof(text) ||
	    strncasecmp(line, DATE, from) != 0)
		return len;
	memcpy(text, line + from, len - from);
	text[len - from] = '\0';
	transfer->date = (int64_t)curl_getdate(text, NULL);
	return len;
}

static bool
add_header(struct transfer *transfer, const char *line)
{
	struct curl_slist *more = curl_slist_append(transfer->headers, line);

	if (more == NULL)
		return false;
	transfer->headers = more;
	return true;
}

static bool
set_headers(CURL *easy, struct transfer *transfer)
{
	const char *token = transfer->request->token;
	char *line = NULL;
	bool is_set;

	if (token != NULL && asprintf(&line, "Authorization: %s", token) < 0)
		return false;
	is_set = add_header(transfer, "Content-Type: application/json") &&
	    add_header(transfer, "Expect:") &&
	    (line == NULL || add_header(transfer, line)) &&
	    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers) ==
		CURLE_OK;
	free(line);
	return is_set;
}

static bool
set_request(CURL *easy, struct transfer *transfer)
{
	const struct http_request *request = transfer->request;

	return curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		(curl_off_t)strlen(request->body)) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_READDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, begin_again) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->reason) ==
	    CURLE_OK &&
	    set_headers(easy, transfer);
}

static bool
set_up(CURL *easy, const struct http *http, struct transfer *transfer)
{
	curl_easy_reset(easy);
	return helper_curl_limit(easy) &&
	    helper_curl_identify(easy, &http->identity) &&
	    set_request(easy, transfer);
}

static enum err
explain(CURLcode code, const struct transfer *transfer, struct error *why)
{
	const char *reason = helper_curl_reason(code, transfer->reason);

	if (transfer->is_too_long)
		return error_set(why, ERR_INVALID, "the answer is too long");
	return error_set(why, helper_curl_error(code), "%s%s%s",
	    curl_easy_strerror(code), reason[0] == '\0' ? "" : ": ", reason);
}

enum err
http_post(struct http *http, const struct http_request *request,
    struct http_answer *answer, struct error *why)
{
	struct transfer transfer = {
	    .request = request, .max = HTTP_ANSWER_MAX, .date = -1};
	enum err rc = ERR_NOMEM;
	CURLcode code;

	*answer = (struct http_answer){0};
	if (!set_up(http->easy, http, &transfer) ||
	    curl_easy_setopt(http->easy, CURLOPT_TIMEOUT_MS,
		(long)request->milliseconds) != CURLE_OK) {
		rc = error_plain(why, rc);
		goto out;
	}
	code = curl_easy_perform(http->easy);
	answer->was_sent = transfer.was_sent;
	if (code != CURLE_OK) {
		rc = explain(code, &transfer, why);
		goto out;
	}
	(void)curl_easy_getinfo(
	    http->easy, CURLINFO_RESPONSE_CODE, &answer->status);
	answer->body = (char *)transfer.got.bytes;
	answer->len = transfer.got.len;
	answer->date = transfer.date;
	transfer.got.bytes = NULL;
	rc = ERR_OK;
out:
	curl_slist_free_all(transfer.headers);
	free(transfer.got.bytes);
	return rc;
}

void
http_answer_free(struct http_answer *answer)
{
	free(answer->body);
	*answer = (struct http_answer){0};
}

/* A copy of the request, which is needed as long as the stream. */
static bool
keep_request(struct http_stream *stream, const struct http_request *request)
{
	stream->url = strdup(request->url);
	stream->body = strdup(request->body);
	stream->token = request->token == NULL ? NULL : strdup(request->token);
	stream->request = (struct http_request){
	    .url = stream->url, .token = stream->token, .body = stream->body};
	stream->transfer.request = &stream->request;
	stream->transfer.max = HTTP_LINE_MAX;
	return stream->url != NULL && stream->body != NULL &&
	    (request->token == NULL || stream->token != NULL);
}

struct http_stream *
http_stream_open(struct http *http, const struct http_request *request)
{
	struct http_stream *stream = calloc(1, sizeof(*stream));

	if (stream == NULL)
		return NULL;
	stream->multi = curl_multi_init();
	stream->easy = curl_easy_init();
	if (stream->multi != NULL && stream->easy != NULL &&
	    keep_request(stream, request) &&
	    set_up(stream->easy, http, &stream->transfer) &&
	    curl_easy_setopt(stream->easy, CURLOPT_CONNECTTIMEOUT_MS,
		(long)request->milliseconds) == CURLE_OK &&
	    curl_multi_add_handle(stream->multi, stream->easy) == CURLM_OK &&
	    curl_multi_perform(stream->multi, &stream->running) == CURLM_OK)
		return stream;
	http_stream_close(stream);
	return NULL;
}

void
http_stream_close(struct http_stream *stream)
{
	if (stream == NULL)
		return;
	if (stream->multi != NULL && stream->easy != NULL)
		(void)curl_multi_remove_handle(stream->multi, stream->easy);
	curl_easy_cleanup(stream->easy);
	(void)curl_multi_cleanup(stream->multi);
	curl_slist_free_all(stream->transfer.headers);
	free(stream->transfer.got.bytes);
	free(stream->url);
	free(stream->body);
	free(stream->token);
	free(stream);
}

/* Drops the lines that were taken. */
static void
forget_taken(struct http_stream *stream)
{
	struct growing *got = &stream->transfer.got;

	if (stream->taken == 0)
		return;
	got->len -= stream->taken;
	memmove(got->bytes, got->bytes + stream->taken, got->len);
	stream->taken = 0;
}

bool
http_stream_wait(struct http_stream *stream, int descriptor, int milliseconds)
{
	struct curl_waitfd extra = {
	    .fd = descriptor, .events = CURL_WAIT_POLLIN};

	forget_taken(stream);
	if (curl_multi_poll(stream->multi, &extra, descriptor >= 0 ? 1 : 0,
		milliseconds, NULL) != CURLM_OK ||
	    curl_multi_perform(stream->multi, &stream->running) != CURLM_OK)
		return false;
	return stream->running > 0;
}

bool
http_stream_line(struct http_stream *stream, const char **line, size_t *len)
{
	const struct growing *got = &stream->transfer.got;
	const char *at, *end;

	if (got->bytes == NULL)
		return false;
	at = (const char *)got->bytes + stream->taken;
	end = memchr(at, '\n', got->len - stream->taken);
	if (end == NULL)
		return false;
	*line = at;
	*len = (size_t)(end - at);
	stream->taken += *len + 1;
	return true;
}
