/*
 * The state of a Unix account. Three answers, never two: disabled is said on
 * positive evidence only, enabled when all of it could be read, and unknown
 * whenever something failed, was missing, or made no sense.
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
	ACCOUNT_LOOKUP_FAILED, /* the look-up said that it failed */
	ACCOUNT_NO_SHADOW,     /* local, and its shadow entry cannot be read */
	/* likewise, but account_set.h alone says so */
	ACCOUNT_DAMAGED,    /* its lines in the files are damaged, or doubled */
	ACCOUNT_OTHER_NAME, /* the entry that was found has another name */
	ACCOUNT_ABSENT,     /* neither the services nor a whole file list it */
	/* of ACCOUNT_DISABLED */
	ACCOUNT_EXPIRED,     /* past its expiry date */
	ACCOUNT_LOCKED,      /* its password was locked on purpose */
	ACCOUNT_AGED,        /* its password aged out, beyond its grace */
	ACCOUNT_NO_PASSWORD, /* it has none, and the config demands one */
	ACCOUNT_NO_SHELL,    /* nologin or false, and the config minds */
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
	bool found;                     /* name and uid are known */
	char name[RECORD_USER_MAX + 1]; /* canonical, as the entry has it */
	uid_t uid;
};

/*
 * Looks an account up by NSS, in passwd and in shadow, and judges it. now is
 * in seconds. Never fails: what cannot be had is ACCOUNT_UNKNOWN.
 */
void account_lookup(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now);

/*
 * Judges entries that were read. shadow is NULL for an account that has none
 * because another service than the files keeps it. Pure.
 */
void account_judge(struct account *account, const struct passwd *passwd,
    const struct spwd *shadow, const struct account_policy *policy,
    int64_t now);

/*
 * Whether /etc/passwd lists the name. ERR_NOT_FOUND if it was read to its end,
 * has root in it and does not, ERR_SYSTEM if it could not be read.
 */
enum err account_is_local(const char *user);

/*
 * Whether the user is in the group, as its first or another one. ERR_NOT_FOUND
 * for a group that is not there, which an outage looks like; ERR_SYSTEM if it
 * could not be found out, ERR_NOMEM.
 */
enum err account_in_group(const char *user, const char *group, bool *is_member);

/* A word for a reason, for logs: account-expired, account-locked ... */
const char *account_reason_name(enum account_reason reason);

#endif
