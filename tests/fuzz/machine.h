/*
 * The machine that the module runs on: a store with tokens of all kinds in
 * files of a scratch directory, accounts, processes and the time. A script may
 * change all of it, and machine_reset restores it.
 */
#ifndef APITOKEN_MACHINE_H
#define APITOKEN_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "account/account.h"
#include "session/process.h"
#include "token/record.h"
#include "token/token.h"

#define MACHINE_NOW INT64_C(1800000000)
#define MACHINE_BOOT (MACHINE_NOW - 100000)
#define MACHINE_UID_ALICE 2001

/* The config files that a line of pam.d may name. */
#define MACHINE_CONFIG_GOOD 0
#define MACHINE_CONFIG_BAD 1     /* it is not understood */
#define MACHINE_CONFIG_MISSING 2 /* there is none */
#define MACHINE_CONFIG_OTHER                                                   \
	3 /* of another, empty store; the system's, too                        \
	   */
#define MACHINE_CONFIGS 4

/* The argument config=FILE for one of them. */
extern char machine_config_option[MACHINE_CONFIGS][256];

struct machine_token {
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
};

/* One of each kind, see machine_tokens.c. */
#define MACHINE_TOKENS 21
extern struct machine_token machine_tokens[MACHINE_TOKENS];

/* Facts about alice's account; see machine_users.c. */
struct machine_account {
	const char *passwd, *shadow; /* her lines */
	uid_t uid;
	enum account_state state; /* by the policy of all these configs */
	bool lookups_fail;
};
#define MACHINE_ACCOUNTS 12
extern const struct machine_account machine_accounts[MACHINE_ACCOUNTS];

/* What is missing from the good store. */
enum machine_trouble {
	MACHINE_WELL,
	MACHINE_NO_KEY,
	MACHINE_NO_DATABASE,
	MACHINE_NO_LOCK,
};
#define MACHINE_TROUBLES (MACHINE_NO_LOCK + 1)

struct machine {
	int64_t now; /* seconds */
	unsigned account;
	enum machine_trouble trouble;
	bool is_setuid, cannot_confine;
	uint64_t confined; /* the last confined process; 0: none */
	struct process self, parent;
	bool parent_alike;    /* it may run the same program */
	uint64_t first_alive; /* processes with lower pids have ended */
	uint64_t random;      /* the seed of random numbers */
};
extern struct machine machine;

/* Makes it; once. */
void machine_make(void);
void machine_reset(void);

void machine_set_account(unsigned account);
void machine_set_trouble(enum machine_trouble trouble);

/*
 * The record of a token in the good store, as it is now. False if it cannot be
 * read.
 */
bool machine_record(unsigned token, struct record *record);

/* Changes it, as tokenadm would. */
void machine_change(unsigned token, void (*change)(struct record *record));

/* Files of the runtime directory. */
#define MACHINE_FILE_MAX 4096
bool machine_read_handoff(const struct process *process,
    uint8_t bytes[MACHINE_FILE_MAX], size_t *len);
void machine_write_handoff(
    const struct process *process, const uint8_t *bytes, size_t len);

/* Whether a session of the token is listed: of that process, or of any. */
bool machine_is_listed(unsigned token, const struct process *process);
/* Whether one is listed whose process has ended. */
bool machine_has_ended_session(unsigned token);

/* How many sessions of the token are listed whose process lives. */
unsigned machine_live_sessions(unsigned token);
/* Whether one is listed that began then. */
bool machine_has_session_of(unsigned token, int64_t since);

#endif
