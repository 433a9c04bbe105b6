#include <stdlib.h>
#include <string.h>

#include "fleet_etcd/etcd_http_impl.h"

struct http_stream {
	CURLM *multi;
	CURL *easy;
	struct transfer transfer;
	struct http_request request;
	char *url, *body, *token;
	size_t taken; /* of the bytes that have come */
	int running;
};

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
	    http_set_up(stream->easy, http, &stream->transfer) &&
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
	free(stream->transfer.bytes);
	free(stream->url);
	free(stream->body);
	free(stream->token);
	free(stream);
}

/* Drops the lines that were taken. */
static void
forget_taken(struct http_stream *stream)
{
	struct transfer *transfer = &stream->transfer;

	if (stream->taken == 0)
		return;
	transfer->len -= stream->taken;
	memmove(
	    transfer->bytes, transfer->bytes + stream->taken, transfer->len);
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
	const char *at, *end;

	if (stream->transfer.bytes == NULL)
		return false;
	at = stream->transfer.bytes + stream->taken;
	end = memchr(at, '\n', stream->transfer.len - stream->taken);
	if (end == NULL)
		return false;
	*line = at;
	*len = (size_t)(end - at);
	stream->taken += *len + 1;
	return true;
}
