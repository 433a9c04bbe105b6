#include "fleet_https/https_get.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/growing.h"
#include "fleet/fleet_https.h"
#include "fleet_helper/helper_curl.h"

#define CONNECT_PATIENCE 5000L /* milliseconds */
/* A file that comes more slowly than so many bytes a second for so long */
#define SLOW_BYTES 1000L
#define SLOW_SECONDS 10L
#define WHOLE_PATIENCE 900000L /* milliseconds for all of it */
#define POLL_MOST 60000
#define NO_ANSWER "no answer in time"

struct https_gets {
	CURLM *multi;
	const struct helper_identity *identity;
};

struct https_get {
	struct https_gets *gets;
	CURL *easy;
	char *url;
	struct curl_slist *headers;
	size_t first; /* 0: all */
	struct growing got;
	bool is_over, is_enough, is_too_long;
	CURLcode code;
	char reason[CURL_ERROR_SIZE];
};

struct https_gets *
https_gets_new(const struct helper_identity *identity)
{
	struct https_gets *gets = calloc(1, sizeof(*gets));

	if (gets == NULL)
		return NULL;
	gets->identity = identity;
	gets->multi = curl_multi_init();
	if (gets->multi != NULL)
		return gets;
	free(gets);
	return NULL;
}

void
https_gets_free(struct https_gets *gets)
{
	if (gets == NULL)
		return;
	(void)curl_multi_cleanup(gets->multi);
	free(gets);
}

/* A server that knows no ranges sends all: we go once we have enough. */
static size_t
take(char *bytes, size_t size, size_t count, void *arg)
{
	struct https_get *get = arg;
	size_t len = size * count, taken = len;
	enum err rc;

	if (get->first > 0 && taken > get->first - get->got.len) {
		taken = get->first - get->got.len;
		get->is_enough = true;
	}
	rc = growing_add(&get->got, FLEET_HTTPS_MAX, bytes, taken);
	get->is_too_long = rc == ERR_INVALID;
	return rc == ERR_OK && taken == len ? len : 0;
}

static bool
set_times(CURL *easy, size_t first, int64_t milliseconds)
{
	long most = first > 0 ? (long)milliseconds : WHOLE_PATIENCE;

	return curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, most) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
		CONNECT_PATIENCE) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
		first > 0 ? (curl_off_t)0 : (curl_off_t)FLEET_HTTPS_MAX) ==
	    CURLE_OK;
}

/* The password goes to this server only: there are no redirects. */
static bool
set_user(CURL *easy, const struct helper_identity *identity)
{
	return identity->user == NULL ||
	    (curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) ==
		    CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_USERNAME, identity->user) ==
		    CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_PASSWORD, identity->password) ==
		    CURLE_OK);
}

/* What lies in between has to ask the server whether its copy is still good. */
static bool
set_request(struct https_get *get)
{
	CURL *easy = get->easy;
	char range[32];

	(void)snprintf(range, sizeof(range), "0-%zu", get->first - 1);
	get->headers = curl_slist_append(NULL, "Cache-Control: no-cache");
	return get->headers != NULL &&
	    curl_easy_setopt(easy, CURLOPT_URL, get->url) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, get->headers) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_RANGE,
		get->first > 0 ? range : NULL) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_WRITEDATA, get) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_PRIVATE, get) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, get->reason) ==
	    CURLE_OK;
}

struct https_get *
https_get_begin(struct https_gets *gets, const char *url, size_t first,
    int64_t milliseconds)
{
	struct https_get *get = calloc(1, sizeof(*get));

	if (get == NULL)
		return NULL;
	get->gets = gets;
	get->first = first;
	get->url = strdup(url);
	get->easy = curl_easy_init();
	if (get->url != NULL && get->easy != NULL &&
	    helper_curl_limit(get->easy) &&
	    helper_curl_identify(get->easy, gets->identity) &&
	    set_user(get->easy, gets->identity) &&
	    set_times(get->easy, first, milliseconds) && set_request(get) &&
	    curl_multi_add_handle(gets->multi, get->easy) == CURLM_OK)
		return get;
	https_get_end(get);
	return NULL;
}

void
https_get_end(struct https_get *get)
{
	if (get == NULL)
		return;
	if (get->easy != NULL)
		(void)curl_multi_remove_handle(get->gets->multi, get->easy);
	curl_easy_cleanup(get->easy);
	curl_slist_free_all(get->headers);
	free(get->got.bytes);
	free(get->url);
	free(get);
}

/* Does what can be done at once. Whether any is over by it. */
static bool
perform(struct https_gets *gets)
{
	const CURLMsg *message;
	bool is_any = false;
	int left;

	(void)curl_multi_perform(gets->multi, &left);
	while ((message = curl_multi_info_read(gets->multi, &left)) != NULL) {
		struct https_get *get = NULL;

		if (message->msg != CURLMSG_DONE ||
		    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
			(char **)&get) != CURLE_OK)
			continue;
		get->is_over = true;
		get->code = message->data.result;
		is_any = true;
	}
	return is_any;
}

void
https_gets_go_on(struct https_gets *gets, int descriptor, int64_t milliseconds)
{
	struct curl_waitfd extra = {
	    .fd = descriptor, .events = CURL_WAIT_POLLIN};

	if (perform(gets))
		return;
	if (milliseconds > POLL_MOST)
		milliseconds = POLL_MOST;
	(void)curl_multi_poll(gets->multi, &extra, descriptor >= 0 ? 1 : 0,
	    (int)milliseconds, NULL);
	(void)perform(gets);
}

bool
https_get_is_over(const struct https_get *get)
{
	return get->is_over;
}

/* What a status says that is neither 200 nor 206. */
static enum err
judge_status(const struct https_get *get, long status, struct error *why)
{
	if (status == 404 || status == 410)
		return error_set(why, ERR_NOT_FOUND,
		    "%s: there is no such file (status %ld)", get->url, status);
	if (status == 401)
		return error_set(why, ERR_REFUSED,
		    "%s: status 401: look at [https] user and password",
		    get->url);
	if (status == 403)
		return error_set(why, ERR_REFUSED,
		    "%s: status 403: this machine may not read it", get->url);
	if (status >= 300 && status < 400)
		return error_set(why, ERR_INVALID,
		    "%s: status %ld: the server says that it is elsewhere: "
		    "set [fleet] source to where it is",
		    get->url, status);
	return error_set(why, ERR_SYSTEM, "%s: status %ld", get->url, status);
}

static enum err
explain(const struct https_get *get, struct error *why)
{
	const char *reason = helper_curl_reason(get->code, get->reason);

	if (get->is_too_long || get->code == CURLE_FILESIZE_EXCEEDED)
		return error_set(why, ERR_INVALID, "%s: larger than %zu bytes",
		    get->url, FLEET_HTTPS_MAX);
	if (get->code == CURLE_PARTIAL_FILE)
		return error_set(
		    why, ERR_SYSTEM, "%s: the answer was cut", get->url);
	if (get->code == CURLE_OPERATION_TIMEDOUT)
		return error_set(why, ERR_BUSY, "%s: %s", get->url,
		    get->first > 0 ? NO_ANSWER : "it comes too slowly");
	return error_set(why, helper_curl_error(get->code), "%s: %s%s%s",
	    get->url, curl_easy_strerror(get->code),
	    reason[0] == '\0' ? "" : ": ", reason);
}

enum err
https_get_result(const struct https_get *get, const uint8_t **bytes,
    size_t *len, struct error *why)
{
	long status = 0;

	*bytes = get->got.bytes;
	*len = get->got.len;
	if (!get->is_over)
		return error_set(why, ERR_BUSY, "%s: %s", get->url,
		    get->first > 0 ? NO_ANSWER : "is still being fetched");
	(void)curl_easy_getinfo(get->easy, CURLINFO_RESPONSE_CODE, &status);
	if (get->code != CURLE_OK && !get->is_enough)
		return explain(get, why);
	if (status == 200 || (status == 206 && get->first > 0))
		return ERR_OK;
	return judge_status(get, status, why);
}
