/*
 * From a token to its verdict: reads store and account, one closed again
 * before the other is asked.
 */
#ifndef APITOKEN_EVALUATE_H
#define APITOKEN_EVALUATE_H

#include "base/error.h"
#include "config/config.h"
#include "login/verdict.h"
#include "token/record.h"

/* A token to be judged; the strings are those of the caller. */
struct candidate {
	const char *id;   /* as token_parse found it; "" for a malformed one */
	const char *text; /* NULL: its secret was seen before */
	const char *user; /* who wants to log in */
	const char *ticket; /* of the login that used it up; NULL for none */
	int64_t deadline;   /* for the store's lock, see lock.h */
	struct request
	    request; /* its groups are the config's: judge sets them */
};

/*
 * Judges it. ERR_OK: *verdict says whether it is accepted, and *record is the
 * token's, or empty where there is none. Anything else is trouble, of which
 * why tells more, and accepts nothing.
 */
enum err judge(struct verdict *verdict, struct record *record,
    const struct config *config, const struct candidate *candidate,
    struct error *why);

#endif
