/*
 * Logins as by sshd's keyboard-interactive: authentication in a forked child,
 * setcred and session in the parent, which gets nothing from the child but its
 * PAM environment. And what may be found there in its place.
 */
#ifndef APITOKEN_FORKED_H
#define APITOKEN_FORKED_H

#include "host.h"
#include "session/handoff.h"

/* What the child did, and what came of it. */
struct attempt {
	/* Called in the child after authenticate; NULL: nothing is. */
	void (*between)(struct host *host);
	bool no_account; /* account is not asked */
	bool no_return;  /* nothing is told the parent, as if it had failed */
	int auth, account;
};

/*
 * Authenticates and asks account in a child of the host's transaction. Where
 * both succeed, the parent has the child's PAM environment afterwards.
 */
void forked_attempt(struct host *host, struct attempt *attempt);

/* The same, with a token that must be accepted. */
void forked_log_in(struct host *host, const char *token);

/* What authenticate would send this process for alice, now. */
void forked_make(struct handoff *handoff);

/* Puts a record of it where this process, or another, will find it. */
void forked_put_record(const struct host *host, const struct handoff *handoff,
    const struct process *process);

/* Reads the record that is there for this process. */
void forked_get_record(const struct host *host, struct handoff *handoff);

/* Puts its proof into the PAM environment. */
void forked_put_proof(struct host *host, const struct handoff *handoff,
    const struct process *process);

/* The path of the record for this process, or another; valid once. */
const char *forked_record(
    const struct host *host, const struct process *process);

/* This process. */
struct process forked_self(void);

/* How many records there are, or files that were to become one. */
unsigned forked_count(const struct host *host);

/* The proof in the PAM environment, or NULL. */
const char *forked_proof(struct host *host);

/* Sets NAME=VALUE, or removes NAME, in the PAM environment. */
void forked_putenv(struct host *host, const char *text);

#endif
