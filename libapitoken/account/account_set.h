/*
 * The states of many accounts, for one pass over /etc/passwd and /etc/shadow;
 * the name services are asked only about accounts that the files do not settle.
 * Judged as by account_lookup, but from entries beyond doubt (see
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
	bool is_settled; /* no need to ask the name services */
	enum account_state state;
	enum account_reason reason;
	bool found;   /* its uid is known */
	bool local;   /* /etc/passwd lists it */
	bool damaged; /* its lines are cut, duplicate, or one is missing */
	uid_t uid;
	gid_t gid; /* if it is local and not damaged */
	/* Until the files are read. */
	const char *shell;
	char *password;
};

struct account_set {
	void *tree;
	struct account_set_entry *first, **end;
	struct pool texts;
	/* Whether the file is whole: only then does absence from it count. */
	struct passwd_files_passwd passwd;
};

/* Makes an empty set; free it with account_set_free. */
void account_set_start(struct account_set *accounts);

/* The entry with that name, added if it is new; NULL if out of memory. */
struct account_set_entry *account_set_get(
    struct account_set *accounts, const char *name);

/* Judges the entries that the files settle. ERR_SYSTEM, ERR_NOMEM. */
enum err account_set_read_files(struct account_set *accounts,
    const struct account_policy *policy, int64_t now, struct error *why);

/*
 * Asks the name services about an entry that is not settled, and settles it.
 * What account_set_read_files saw tells absence from an outage: ACCOUNT_ABSENT
 * proves something only of an account that used to be local.
 */
void account_set_ask(const struct account_set *accounts,
    struct account_set_entry *entry, const struct account_policy *policy,
    int64_t now);

void account_set_free(struct account_set *accounts);

#endif
