/* Shared by etcd_http.c and etcd_stream.c only. */
#ifndef APITOKEN_ETCD_HTTP_IMPL_H
#define APITOKEN_ETCD_HTTP_IMPL_H

#include <curl/curl.h>

#include "fleet_etcd/etcd_http.h"

struct http {
	CURL *easy; /* keeps its connections */
	struct http_identity identity;
};

/* The transfer of one request. */
struct transfer {
	const struct http_request *request;
	size_t sent;   /* of the body, on this connection */
	bool was_sent; /* some of it, on any */
	char *bytes;   /* what has come */
	size_t len, size, max;
	bool is_too_long;
	int64_t date; /* -1: the server does not say */
	struct curl_slist *headers;
	char reason[CURL_ERROR_SIZE];
};

/* Makes a handle ready for the transfer's request. False: no memory. */
bool http_set_up(
    CURL *easy, const struct http *http, struct transfer *transfer);

#endif
