/*
 * When, from where and for what a token was last used. Best effort: no login
 * depends on it, it is not synced, and never makes a login wait or fail. It has
 * a database and a lock of its own, which is tried once; a damaged database is
 * made anew. It decides one thing, whether a token has not been used for so
 * long that it ends, and there what was not noted counts as use: see
 * usage_clock.h, lifecycle/unnoted.h and lifecycle/unused.h.
 */
#ifndef APITOKEN_LAST_USE_H
#define APITOKEN_LAST_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/network.h"
#include "base/parse.h"
#include "config/config.h"
#include "token/token.h"

/* The file, in the store's directory. */
#define LAST_USE_DATABASE "usage.tdb"

struct last_use {
	int64_t at;     /* 0: never, or not known */
	uint64_t count; /* uses, those within the same minute counted once */
	char from[NETWORK_TEXT_LEN + 1];     /* "": not known */
	char service[PARSE_SERVICE_MAX + 1]; /* likewise */
};

/*
 * Notes a use now, unless one was noted less than a minute ago. from is the
 * remote address; only a numeric one is kept. Errors say why it was not noted.
 */
enum err last_use_note(const struct config *config, const char *id, int64_t now,
    const char *from, const char *service, struct error *why);

/* The notes, open for reading; not while the store is open. */
struct last_use_notes;

/* Waits for the lock no longer than deadline. NULL: nothing is known. */
struct last_use_notes *last_use_open(
    const struct config *config, int64_t deadline);

/*
 * What is known of a token; all zero if nothing is. notes may be NULL. False if
 * that does not mean that no use was noted: the notes cannot be read.
 */
bool last_use_get(
    struct last_use_notes *notes, const char *id, struct last_use *usage);

void last_use_close(struct last_use_notes *notes);

/* What is known of one token, as last_use_open, _get and _close find it. */
struct last_use last_use_look(
    const struct config *config, const char *id, int64_t deadline);

#endif
