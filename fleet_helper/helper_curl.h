/*
 * How libcurl is set for every request of ours: HTTPS only, nothing from the
 * environment, no redirects, no proxy, certificates checked.
 */
#ifndef APITOKEN_HELPER_CURL_H
#define APITOKEN_HELPER_CURL_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"
#include "fleet_helper/helper_identity.h"

/* Sets what a request may do. False: it cannot be set. */
bool helper_curl_limit(CURL *easy);

/*
 * Sets certificates, whose texts must stay valid: the CA alone; without one
 * those of the system, where libcurl was built to find them.
 */
bool helper_curl_identify(CURL *easy, const struct helper_identity *identity);

/*
 * What a request that failed is to its caller. ERR_BUSY: not in time.
 * ERR_REFUSED: the server or we did not prove who we are. ERR_INVALID: what it
 * answers is no HTTP. ERR_NOMEM; ERR_SYSTEM: no connection, or it broke.
 */
enum err helper_curl_error(CURLcode code);

/*
 * Why it failed, from what libcurl has written into the buffer of the request;
 * may be empty. The same trouble has the same text each time, since the agent
 * logs what is new.
 */
const char *helper_curl_reason(
    CURLcode code, const char buffer[CURL_ERROR_SIZE]);

#endif
