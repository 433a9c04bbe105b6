/*
 * Going through all owners to find those whose tokens have to be deactivated.
 * A sweep is a survey of the store, then looks at the accounts; what is done
 * about what was found is the caller's, see owner_tokens.h. The store is open
 * during the survey only, and no longer than it takes to read some thousand
 * tokens.
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

/* How long an account has to be gone before its absence is believed: seconds */
#define SWEEP_PATIENCE 3

enum sweep_found {
	SWEEP_PENDING = 0, /* the name services have not been asked */
	SWEEP_FINE,
	SWEEP_MOVED,   /* fine, but now in /etc/passwd, or no longer so */
	SWEEP_UNKNOWN, /* nothing is certain, and nothing to be done */
	/* The owner's tokens are to be deactivated: */
	SWEEP_DISABLED,
	SWEEP_ABSENT,    /* if it is seen twice */
	SWEEP_OTHER_UID, /* likewise: the account has another uid */
};

/* A name and uid that have usable tokens. */
struct sweep_owner {
	struct sweep_owner *next; /* those of one name stand together */
	const char *user;
	uid_t uid;
	bool local;    /* as its tokens say; false if one of them does */
	size_t tokens; /* usable ones */
	enum sweep_found found;
	enum account_reason reason; /* of SWEEP_DISABLED and SWEEP_UNKNOWN */
	bool is_suspect;            /* to be looked at twice */
	bool done;                  /* the caller's */
	int64_t seen;               /* when its account was looked at */
	struct account_set_entry *account;
};

/* A token until log-out that has begun, and may be over; see until_logout.h. */
struct sweep_begun {
	struct sweep_begun *next;
	char id[TOKEN_ID_LEN + 1];
};

struct sweep {
	struct sweep_owner *owners;
	struct sweep_begun *begun; /* usable ones, in no order */
	size_t users;              /* all who have tokens, dead ones included */
	size_t damaged;            /* tokens and indexes that cannot be read */
	struct pool names;
	struct account_set accounts;
};

/*
 * Reads who owns usable tokens, and which have begun: all, or one user if user
 * is not NULL. now is in seconds. To be freed by sweep_free in any case.
 * ERR_NOMEM, or as store_open.
 */
enum err sweep_survey(struct sweep *sweep, const struct config *config,
    const char *user, int64_t now, struct error *why);

/*
 * Looks for the owners in the files; whom these do not settle is left pending.
 * ERR_SYSTEM, ERR_NOMEM.
 */
enum err sweep_read_files(struct sweep *sweep, const struct config *config,
    int64_t now, struct error *why);

/*
 * Asks the name services for those that are pending; or, with local_only,
 * only for those that were local once, which are few.
 */
void sweep_ask(struct sweep *sweep, const struct config *config,
    bool local_only, int64_t now);

/* Whether an absence, or another uid, waits to be seen again. */
bool sweep_has_suspects(const struct sweep *sweep);

/*
 * After SWEEP_PATIENCE: looks again, at suspects only, who are suspect no
 * longer then. As sweep_read_files.
 */
enum err sweep_look_again(struct sweep *sweep, const struct config *config,
    int64_t now, struct error *why);

/* Whether the owner's tokens are to be deactivated, as far as is known. */
bool sweep_is_gone(const struct sweep_owner *owner);

/* What the tokens' records have as the reason, and the log. */
const char *sweep_reason(const struct sweep_owner *owner);

/* How many users would lose their tokens, those done included. */
size_t sweep_count(const struct sweep *sweep);

/*
 * Whether these are more than a tenth of all users, or of fewer than ten more
 * than one: so looks a directory that is broken, or a clock that is wrong.
 * Those who are pending and were local once count as lost.
 */
bool sweep_is_unlikely(const struct sweep *sweep);

void sweep_free(struct sweep *sweep);

#endif
