/*
 * Goes through all owners to find those whose tokens have to be deactivated. A
 * sweep surveys the store, then looks at the accounts; the caller acts on what
 * it finds, see owner_tokens.h. The store is open during the survey only, and
 * only for some thousand tokens at a time.
 */
#ifndef APITOKEN_SWEEP_H
#define APITOKEN_SWEEP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "account/account_set.h"
#include "base/error.h"
#include "config/config.h"
#include "token/token.h"

/* Seconds for which an account has to be gone before that is believed. */
#define SWEEP_PATIENCE 3

enum sweep_found {
	SWEEP_PENDING = 0, /* the name services have not been asked */
	SWEEP_FINE,
	SWEEP_MOVED,   /* fine, but new in /etc/passwd, or gone from it */
	SWEEP_UNKNOWN, /* nothing is certain, nothing to do */
	/* The owner's tokens are to be deactivated: */
	SWEEP_DISABLED,
	SWEEP_ABSENT,    /* if seen twice */
	SWEEP_OTHER_UID, /* likewise: the uid has changed */
};

/* How the tokens of an owner belong to an account of this machine. */
enum sweep_tie {
	SWEEP_BOUND = 0, /* to the one that had this uid here */
	SWEEP_BY_UID,    /* to one with this uid, which may never have been */
	SWEEP_BY_NAME,   /* to whichever has the name */
};

/* A name and uid that have usable tokens. */
struct sweep_owner {
	struct sweep_owner *next; /* those of one name are adjacent */
	const char *user;
	enum sweep_tie tie;
	uid_t uid;     /* by name: of the account that was found, or -1 */
	bool local;    /* as its tokens say; false if any does */
	size_t tokens; /* usable ones */
	enum sweep_found found;
	enum account_reason reason; /* of SWEEP_DISABLED and SWEEP_UNKNOWN */
	bool is_suspect;            /* to be looked at twice */
	bool is_here;               /* there is an account with this uid */
	bool done;                  /* the caller's */
	int64_t seen;               /* when its account was looked at */
	struct account_set_entry *account;
};

/* A token about which something may have to be written. */
struct sweep_token {
	struct sweep_token *next;
	char id[TOKEN_ID_LEN + 1];
	bool is_due; /* the caller's */
};

struct sweep {
	struct sweep_owner *owners;
	/* Usable ones until log-out that have begun, and may be over; see
	   until_logout.h */
	struct sweep_token *begun;
	/* Those that replace another, and may have been used; rotation.h */
	struct sweep_token *successors;
	size_t users;   /* all who have tokens, dead ones included */
	size_t damaged; /* tokens and indexes that cannot be read */
	struct pool names;
	struct account_set accounts;
};

/*
 * Reads who owns usable tokens, which have begun, and which are successors:
 * all, or one user if user is not NULL. now is in seconds. Free with
 * sweep_free, even after an error. ERR_NOMEM, or as store_open.
 */
enum err sweep_survey(struct sweep *sweep, const struct config *config,
    const char *user, int64_t now, struct error *why);

/*
 * For tokens that are not in the store: makes a sweep without owners; adds one
 * at *end, which it advances, at first &sweep->owners. NULL: out of memory. The
 * rest is the caller's, and how many users there are.
 */
void sweep_start(struct sweep *sweep);
struct sweep_owner *sweep_add(struct sweep *sweep, struct sweep_owner ***end,
    const char *user, uid_t uid);

/*
 * Looks for the owners in the files; those that these do not settle stay
 * pending. ERR_SYSTEM, ERR_NOMEM.
 */
enum err sweep_read_files(struct sweep *sweep, const struct config *config,
    int64_t now, struct error *why);

/*
 * Asks the name services about pending owners; with local_only, only about
 * those that used to be local, which are few.
 */
void sweep_ask(struct sweep *sweep, const struct config *config,
    bool local_only, int64_t now);

/* Whether an absence or a changed uid has to be seen again. */
bool sweep_has_suspects(const struct sweep *sweep);

/*
 * After SWEEP_PATIENCE: looks at the suspects again, and settles them. Errors
 * as sweep_read_files.
 */
enum err sweep_look_again(struct sweep *sweep, const struct config *config,
    int64_t now, struct error *why);

/* Whether the owner's tokens are to be deactivated, as far as is known. */
bool sweep_is_gone(const struct sweep_owner *owner);

/* The reason for the tokens' records and the log. */
const char *sweep_reason(const struct sweep_owner *owner);

/* How many users would lose their tokens, those done included. */
size_t sweep_count(const struct sweep *sweep);

/*
 * Whether these are more than a tenth of all users, or more than one of fewer
 * than ten, which suggests a broken directory or a wrong clock. Pending owners
 * that used to be local count as lost.
 */
bool sweep_is_unlikely(const struct sweep *sweep);

/* Whether so many users are as unlikely as that. */
bool sweep_are_too_many(const struct sweep *sweep, size_t users);

void sweep_free(struct sweep *sweep);

#endif
