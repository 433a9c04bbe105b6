#include "fleet_helper/helper_curl.h"

#include <stdint.h>
#include <string.h>

#define KEEPALIVE 10L /* seconds */

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
set_authority(CURL *easy, const char *ca)
{
	return ca == NULL ||
	    (curl_easy_setopt(easy, CURLOPT_CAINFO, (char *)NULL) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_CAPATH, (char *)NULL) ==
		    CURLE_OK &&
		set_blob(easy, CURLOPT_CAINFO_BLOB, ca));
}

bool
helper_curl_identify(CURL *easy, const struct helper_identity *identity)
{
	return curl_easy_setopt(easy, CURLOPT_SSLVERSION,
		   (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	    set_authority(easy, identity->ca) &&
	    set_blob(easy, CURLOPT_SSLCERT_BLOB, identity->certificate) &&
	    set_blob(easy, CURLOPT_SSLKEY_BLOB, identity->key);
}

bool
helper_curl_limit(CURL *easy)
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

enum err
helper_curl_error(CURLcode code)
{
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

/* libcurl tells the milliseconds. */
const char *
helper_curl_reason(CURLcode code, const char buffer[CURL_ERROR_SIZE])
{
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		return "it timed out";
	case CURLE_COULDNT_CONNECT:
		return "";
	default:
		return buffer;
	}
}
