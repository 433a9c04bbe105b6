/*
 * Logins as with sshd's keyboard-interactive: authentication in a forked child,
 * setcred and session in the parent, which gets only the PAM environment from
 * the child. And ways to change what the parent finds.
 */
#ifndef APITOKEN_FORKED_H
#define APITOKEN_FORKED_H

#include "host.h"
#include "session/handoff.h"

/* What the child did, and the results. */
struct attempt {
	/* Called in the child after authenticate; may be NULL. */
	void (*between)(struct host *host);
	bool no_account; /* account is not called */
	bool no_return;  /* nothing is returned to the parent, as if it had
			    failed */
	int auth, account;
};

/*
 * Calls authenticate and account in a child of the host's transaction. If both
 * succeed, the parent then has the child's PAM environment.
 */
void forked_attempt(struct host *host, struct attempt *attempt);

/* The same, with a token that must be accepted. */
void forked_log_in(struct host *host, const char *token);

/* What authenticate would send to this process for alice, now. */
void forked_make(struct handoff *handoff);

/* Puts its record where this process, or another, will find it. */
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

/* How many records there are, temporary files included. */
unsigned forked_count(const struct host *host);

/* The proof in the PAM environment, or NULL. */
const char *forked_proof(struct host *host);

/* Sets NAME=VALUE, or removes NAME, in the PAM environment. */
void forked_putenv(struct host *host, const char *text);

#endif
