/*
 * One cluster of etcd, whichever of its members answers: endpoints in turn,
 * log-in, errors, and the cluster's own identity.
 */
#ifndef APITOKEN_ETCD_CLIENT_H
#define APITOKEN_ETCD_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "fleet_etcd/etcd_http.h"
#include "fleet_etcd/etcd_json.h"

#define ETCD_ENDPOINTS_MAX 16
#define ETCD_URL_MAX 280
#define ETCD_PATIENCE 1500 /* milliseconds for one request */

struct etcd_endpoint {
	char *url;                      /* https://HOST:PORT */
	char token[ETCD_TOKEN_MAX + 1]; /* good there only; or "" */
	unsigned unanswered; /* requests with it, since one was answered */
};

struct etcd_client {
	struct helper_identity identity; /* user NULL: no log-in */
	struct etcd_endpoint endpoints[ETCD_ENDPOINTS_MAX];
	size_t count, current; /* current answered last */
	struct http *http;
	struct etcd_source seen; /* the newest that an answer was from */
	int64_t date; /* what the last answer said the time is; -1: nothing */
};

void etcd_client_free(struct etcd_client *client);

/* What is asked. */
struct etcd_call {
	const char *path; /* /v3/kv/range */
	const char *body;
	bool is_write; /* not sent again when it may have been sent */
};

/*
 * Sends it to one endpoint after the other until one answers, each for
 * ETCD_PATIENCE at most, until the deadline (deadline_in's). Sets *answer, to
 * be given back.
 *
 * ERR_BUSY, ERR_SYSTEM: no answer, or trouble there. ERR_REFUSED: a log-in,
 * right or certificate is missing. ERR_INVALID: no answer of etcd's, or it went
 * back. After an error of a write it may have been done.
 */
enum err etcd_client_call(struct etcd_client *client,
    const struct etcd_call *call, int64_t deadline, json_t **answer,
    struct error *why);

/* As above, at the current endpoint; the answer does not end. NULL: not now. */
struct http_stream *etcd_client_stream(
    struct etcd_client *client, const char *path, const char *body);

/* The time until the deadline in milliseconds, at most `most`; 0: it is over.
 */
int64_t etcd_client_left(int64_t deadline, int64_t most);

#endif
