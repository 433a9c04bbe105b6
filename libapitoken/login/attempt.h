/*
 * What is known of an attempt to log in with a token. The verdict, the hooks of
 * the module and the log lines all read it here.
 */
#ifndef APITOKEN_ATTEMPT_H
#define APITOKEN_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "config/config.h"

/*
 * The strings are the caller's. Unless stated otherwise, NULL or "" means not
 * known.
 */
struct attempt {
	/* Who wants to log in, as PAM says */
	const char *hook; /* auth, account, setcred, session */
	const char *user;
	const char *service;
	const char *from; /* remote address; only a numeric one counts */
	const char *tty;

	/* Who asked for him at the door, see tokenadm door */
	bool is_by_door;
	bool is_believed; /* what he says of service and address */
	uid_t caller;

	/* With what */
	const char *id;   /* as token_parse found it; "" for a malformed one */
	const char *text; /* NULL: authenticate has seen the secret */
	const char *ticket; /* if this login used it up: single_use.h */

	/* What is asked of it */
	const char *need;          /* a list of scopes, all of them needed */
	enum confine_mode confine; /* for a token without `write` */
	int64_t now;               /* seconds */
	int64_t deadline;          /* for the store's lock, see deadline.h */
};

#endif
