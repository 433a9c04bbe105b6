/*
 * What a crowd knows of its tokens, in memory that its processes share. An
 * entry is written once, published, and after that only its phase changes, so
 * that phases are seen in the order of the events they stand for.
 */
#ifndef APITOKEN_LEDGER_H
#define APITOKEN_LEDGER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "token/token.h"

#define LEDGER_MAX 65536
#define LEDGER_USER_MAX 15

enum ledger_phase {
	LEDGER_EMPTY,
	LEDGER_ACTIVE,  /* every login must be accepted */
	LEDGER_LEAVING, /* a command is withdrawing it: either answer is right
			 */
	LEDGER_BARRED,  /* an edit has returned: no login may be accepted */
	LEDGER_REVOKED, /* likewise, and no session may be opened */
};

struct ledger_entry {
	char text[TOKEN_LEN + 1];
	char user[LEDGER_USER_MAX + 1];
	bool once; /* for one login, and active until that */
	_Atomic enum ledger_phase phase;
	atomic_uint accepted;
	atomic_uint refused; /* of those that began when it was gone */
};

struct ledger {
	atomic_bool over;       /* the time is up */
	atomic_size_t reserved; /* entries that have been given out */
	atomic_size_t hot;      /* the one that all are to try, plus one */
	/* What happened, and how long it took at most, in microseconds. */
	atomic_uint accepted, refused, issued, edited, rotated, withdrawn;
	atomic_uint backups, failures;
	atomic_uint_least64_t slowest_login, slowest_command;
	struct ledger_entry entries[LEDGER_MAX];
};

/* Makes one that the children of this process share. NULL: no memory. */
struct ledger *ledger_new(void);

/* Enters an active token. NULL: the ledger is full. */
struct ledger_entry *ledger_add(
    struct ledger *ledger, const char *user, const char *text, bool once);

/* Makes everybody try the token next. */
void ledger_point_at(struct ledger *ledger, const struct ledger_entry *entry);

/* Counts a broken promise, and prints the first of them. */
void ledger_fail(
    struct ledger *ledger, const struct ledger_entry *entry, const char *what);

/* Microseconds of a monotonic clock. */
uint64_t ledger_now(void);

/* Raises *slowest to the time since start. */
void ledger_note_time(atomic_uint_least64_t *slowest, uint64_t start);

#endif
