/*
 * The state of a Unix account. There are three answers: disabled needs positive
 * evidence, enabled needs all of it to be readable, and anything that failed,
 * was missing or made no sense is unknown.
 */
#ifndef APITOKEN_ACCOUNT_H
#define APITOKEN_ACCOUNT_H

#include <pwd.h>
#include <shadow.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "token/record.h"

enum account_state {
	ACCOUNT_UNKNOWN = 0,
	ACCOUNT_ENABLED,
	ACCOUNT_DISABLED,
};

enum account_reason {
	ACCOUNT_OK = 0,
	/* of ACCOUNT_UNKNOWN */
	ACCOUNT_NOT_FOUND,     /* no entry was found: absence, or an outage */
	ACCOUNT_LOOKUP_FAILED, /* the look-up reported a failure */
	ACCOUNT_NO_SHADOW,     /* local, and its shadow entry cannot be read */
	/* the same, but from account_set.h only */
	ACCOUNT_DAMAGED, /* its lines in the files are damaged or duplicate */
	ACCOUNT_OTHER_NAME, /* the entry found has another name */
	ACCOUNT_ABSENT,     /* neither NSS nor an intact file lists it */
	/* of ACCOUNT_DISABLED */
	ACCOUNT_EXPIRED,     /* past its expiry date */
	ACCOUNT_LOCKED,      /* its password was locked on purpose */
	ACCOUNT_AGED,        /* its password aged out, beyond its grace */
	ACCOUNT_NO_PASSWORD, /* it has none, and the config demands one */
	ACCOUNT_NO_SHELL,    /* nologin or false, and the config forbids it */
	ACCOUNT_ROOT,        /* uid 0, and the config does not allow it */
};

/* The settings of [account] in apitoken.conf. */
struct account_policy {
	bool ignore_locked;    /* locked_password = ignore */
	bool require_password; /* no_password = disabled */
	bool allow_root;       /* root = enabled */
	bool require_shell;    /* shell = disabled */
};

struct account {
	enum account_state state;
	enum account_reason reason;
	bool found;         /* name and uid are known */
	bool is_from_files; /* /etc/passwd and /etc/shadow alone told it */
	char name[RECORD_USER_MAX + 1]; /* canonical, as the entry has it */
	uid_t uid;
};

/*
 * Looks an account up in NSS's passwd and shadow, and judges it. now is in
 * seconds. Never fails: whatever cannot be read makes it ACCOUNT_UNKNOWN. Where
 * `files` are NSS's first answer, they are read here: that is quicker, and
 * shows that nothing else was asked.
 */
void account_lookup(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now);

/*
 * When a judgement of now may change by time alone, in seconds: shadow(5)
 * counts days.
 */
int64_t account_day_end(int64_t now);

/*
 * Judges entries already read. shadow is NULL for an account that needs none,
 * as one that is not kept in the local files. Pure.
 */
void account_judge(struct account *account, const struct passwd *passwd,
    const struct spwd *shadow, const struct account_policy *policy,
    int64_t now);

/*
 * Whether /etc/passwd lists the name. ERR_NOT_FOUND if it was read to its end
 * and lists root but not the name, ERR_SYSTEM if it could not be read.
 */
enum err account_is_local(const char *user);

/*
 * Whether the group is the user's primary or a supplementary one.
 * ERR_NOT_FOUND: there is no such group, or an outage that looks like it.
 * ERR_SYSTEM: cannot tell. ERR_NOMEM.
 */
enum err account_in_group(const char *user, const char *group, bool *is_member);

/* A word for a reason, for logs: account-expired, account-locked ... */
const char *account_reason_name(enum account_reason reason);

#endif
