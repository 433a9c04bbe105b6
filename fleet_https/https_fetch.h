/*
 * Whole files that were asked for: a fetch goes on while others are asked for,
 * and what came is kept for a while, since a file that was refused is asked for
 * again and again.
 */
#ifndef APITOKEN_HTTPS_FETCH_H
#define APITOKEN_HTTPS_FETCH_H

#include "fleet/fleet_entry.h"
#include "fleet/fleet_head.h"
#include "fleet_https/https_get.h"

struct https_fetch {
	char issuer[PARSE_HOST_MAX + 1];
	struct https_get *get; /* NULL: nothing is fetched */
	bool was_given;        /* to who had asked */
	int64_t until; /* deadline_in's: then it goes; 0: it is not over */
	/* What the file began with when that was read last */
	uint8_t head[FLEET_HEAD_MAX];
	size_t head_len;
};

struct https_fetches {
	struct https_fetch each[FLEET_ISSUERS_MAX];
	size_t count;
};

/* That of an issuer, made if there was none; NULL: there are too many. */
struct https_fetch *https_fetches_find(
    struct https_fetches *fetches, const char *issuer);

/* Notes what the file begins with, up to FLEET_HEAD_MAX bytes. */
void https_fetch_note(
    struct https_fetch *fetch, const uint8_t *bytes, size_t len);

/*
 * Begins to fetch the file, unless that has begun, or what came is what it
 * begins with now. ERR_NOMEM.
 */
enum err https_fetch_begin(struct https_fetch *fetch, struct https_gets *gets,
    const char *url, struct error *why);

/*
 * What it has come to, as https_get_result. An error is given once, and a file
 * as long as it is kept.
 */
enum err https_fetch_give(struct https_fetch *fetch, const uint8_t **bytes,
    size_t *len, struct error *why);

/* Whether there is one that has come to its end and was not given yet. */
bool https_fetches_have_news(const struct https_fetches *fetches);

/* Drops what came a minute ago; with all, everything. */
void https_fetches_tidy(struct https_fetches *fetches, bool all);

#endif
