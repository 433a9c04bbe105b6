/*
 * The states of many accounts, at the cost of one pass over /etc/passwd and
 * /etc/shadow; the name services are asked only for whom these say too little
 * of. Judged as account_lookup does, but on entries that are beyond doubt (see
 * passwd_files.h): ACCOUNT_DISABLED from here may be acted upon.
 */
#ifndef APITOKEN_ACCOUNT_SET_H
#define APITOKEN_ACCOUNT_SET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "account/account.h"
#include "account/passwd_files.h"
#include "base/error.h"
#include "base/pool.h"

struct account_set_entry {
	struct account_set_entry
	    *next; /* in the order in which they were added */
	const char *name;
	void *arg;       /* the caller's */
	bool is_settled; /* the files say all that has to be known */
	enum account_state state;
	enum account_reason reason;
	bool found;   /* its uid is known */
	bool local;   /* /etc/passwd lists it */
	bool damaged; /* its lines are cut, doubled, or lack each other */
	uid_t uid;
	gid_t gid; /* of one that is local, and not damaged */
	/* Until the files are read. */
	const char *shell;
	char *password;
};

struct account_set {
	void *tree;
	struct account_set_entry *first, **end;
	struct pool texts;
	/* Where it is whole: what it does not list, it does not have. */
	struct passwd_files_passwd passwd;
};

/* Empty; to be freed by account_set_free. */
void account_set_start(struct account_set *accounts);

/* The entry of that name, added if it is new; NULL without memory. */
struct account_set_entry *account_set_get(
    struct account_set *accounts, const char *name);

/* Judges those whom the files settle. ERR_SYSTEM, ERR_NOMEM. */
enum err account_set_read_files(struct account_set *accounts,
    const struct account_policy *policy, int64_t now, struct error *why);

/*
 * Asks the name services for an entry that is not settled, and settles it.
 * Absence is told from an outage by what account_set_read_files saw:
 * ACCOUNT_ABSENT is for one that was local once, and for no other a proof.
 */
void account_set_ask(const struct account_set *accounts,
    struct account_set_entry *entry, const struct account_policy *policy,
    int64_t now);

void account_set_free(struct account_set *accounts);

#endif
