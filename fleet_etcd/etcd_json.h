/*
 * What is said to etcd's JSON gateway, and what it answers: 64-bit numbers are
 * texts, bytes are base64, and what is false or 0 is left out. Pure; all that
 * is read comes from the network.
 */
#ifndef APITOKEN_ETCD_JSON_H
#define APITOKEN_ETCD_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ETCD_REASON_MAX 200
#define ETCD_TOKEN_MAX 1024

struct etcd_bytes {
	uint8_t *bytes; /* a NUL is behind them; to be freed */
	size_t len;
};

/* A key and what stands there. */
struct etcd_pair {
	struct etcd_bytes key, value;
	int64_t changed; /* mod_revision */
};

struct etcd_pairs {
	struct etcd_pair *each;
	size_t count;
	bool has_more; /* than were asked for */
};

/* From where an answer is. */
struct etcd_source {
	uint64_t cluster;
	int64_t revision;
};

/* What a message of a watch tells. */
struct etcd_event {
	struct etcd_pair pair;
	bool is_gone; /* the key is; the pair has no value */
};

struct etcd_events {
	struct etcd_event *each; /* in order */
	size_t count;
	int64_t changed; /* the highest mod_revision of the keys in it */
};

/* A request's range: the keys from `from` on, before `end`. */
struct etcd_range {
	const char *from, *end; /* end NULL: the one key */
	int64_t revision;       /* 0: what is there now */
	size_t limit;
	bool has_no_values;
};

/* What a put is to change. */
struct etcd_change {
	const char *key;
	const uint8_t *value; /* NULL: the key goes */
	size_t len;
};

/* Requests, as text to be freed; the one with a password is to be wiped. NULL:
 * no memory. */
char *etcd_json_login(const char *user, const char *password);
char *etcd_json_range(const struct etcd_range *range);
char *etcd_json_watch(const char *from, const char *end, int64_t since);

/*
 * Changes that are made if the key `guard` has the mod_revision (0: is not
 * there); if it has not, the answer has the guard.
 */
char *etcd_json_put(const char *guard, int64_t changed,
    const struct etcd_change *changes, size_t count);

/* An answer, to be given back; NULL: it is no object of JSON. */
json_t *etcd_json_read(const char *text, size_t len);

/* False if it is not understood: there is no such object. */
bool etcd_json_source(const json_t *answer, struct etcd_source *source);
bool etcd_json_token(const json_t *answer, char token[ETCD_TOKEN_MAX + 1]);

/* Free the pairs, even after an error. */
bool etcd_json_pairs(const json_t *answer, struct etcd_pairs *pairs);
void etcd_pairs_free(struct etcd_pairs *pairs);

/* What became of a put; pairs are the guard, if it was not done. */
bool etcd_json_outcome(
    const json_t *answer, bool *is_done, struct etcd_pairs *pairs);

/*
 * A message of a watch. False if the watch has ended with it: canceled,
 * compacted, an error, or not understood. Free the events in any case.
 */
bool etcd_json_events(const json_t *message, struct etcd_events *events);
void etcd_events_free(struct etcd_events *events);

/* The code of gRPC in an error, 2 (unknown) if there is none; and why. */
int etcd_json_error(const json_t *answer, char reason[ETCD_REASON_MAX + 1]);

#endif
