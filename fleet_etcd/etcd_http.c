#include "fleet_etcd/etcd_http_impl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KEEPALIVE 10L /* seconds */

struct http *
http_new(const struct http_identity *identity)
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

/* Room for len more bytes and a NUL. */
static bool
make_room(struct transfer *transfer, size_t len)
{
	size_t size = 2 * (transfer->len + len) + 1;
	char *grown;

	if (transfer->len + len < transfer->size)
		return true;
	grown = realloc(transfer->bytes, size);
	if (grown == NULL)
		return false;
	transfer->bytes = grown;
	transfer->size = size;
	return true;
}

static size_t
take(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *transfer = arg;
	size_t len = size * count;

	if (len > transfer->max - transfer->len) {
		transfer->is_too_long = true;
		return 0;
	}
	if (!make_room(transfer, len))
		return 0;
	memcpy(transfer->bytes + transfer->len, bytes, len);
	transfer->len += len;
	transfer->bytes[transfer->len] = '\0';
	return len;
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
set_blob(CURL *easy, CURLoption option, const char *text)
{
	struct curl_blob blob = {(void *)(uintptr_t)text,
	    text == NULL ? 0 : strlen(text), CURL_BLOB_NOCOPY};

	return text == NULL ||
	    curl_easy_setopt(easy, option, &blob) == CURLE_OK;
}

/* Only the CA that was given: CURLOPT_CAPATH is the system's by default. */
static bool
set_identity(CURL *easy, const struct http_identity *identity)
{
	return curl_easy_setopt(easy, CURLOPT_SSLVERSION,
		   (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_CAINFO, (char *)NULL) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_CAPATH, (char *)NULL) == CURLE_OK &&
	    set_blob(easy, CURLOPT_CAINFO_BLOB, identity->ca) &&
	    set_blob(easy, CURLOPT_SSLCERT_BLOB, identity->certificate) &&
	    set_blob(easy, CURLOPT_SSLKEY_BLOB, identity->key);
}

static bool
set_limits(CURL *easy)
{
	return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https") ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
		(long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    /* It does not wait for a lookup that it has given up. */
	    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, KEEPALIVE) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, KEEPALIVE) ==
	    CURLE_OK;
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

bool
http_set_up(CURL *easy, const struct http *http, struct transfer *transfer)
{
	curl_easy_reset(easy);
	return set_limits(easy) && set_identity(easy, &http->identity) &&
	    set_request(easy, transfer);
}

static enum err
error_of(CURLcode code, const struct transfer *transfer)
{
	if (transfer->is_too_long)
		return ERR_INVALID;
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		return ERR_BUSY;
	case CURLE_OUT_OF_MEMORY:
		return ERR_NOMEM;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return ERR_REFUSED;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		return ERR_INVALID;
	default:
		return ERR_SYSTEM;
	}
}

static enum err
explain(CURLcode code, const struct transfer *transfer, struct error *why)
{
	const char *reason = transfer->reason;
	enum err rc = error_of(code, transfer);

	if (transfer->is_too_long)
		return error_set(why, rc, "the answer is too long");
	return error_set(why, rc, "%s%s%s", curl_easy_strerror(code),
	    reason[0] == '\0' ? "" : ": ", reason);
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
	if (!http_set_up(http->easy, http, &transfer) ||
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
	answer->body = transfer.bytes;
	answer->len = transfer.len;
	answer->date = transfer.date;
	transfer.bytes = NULL;
	rc = ERR_OK;
out:
	curl_slist_free_all(transfer.headers);
	free(transfer.bytes);
	return rc;
}

void
http_answer_free(struct http_answer *answer)
{
	free(answer->body);
	*answer = (struct http_answer){0};
}
