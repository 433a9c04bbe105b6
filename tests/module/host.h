/*
 * A PAM host for tests: the built module behind pam_shim in a pam.d folder of
 * its own, with users of its own, a store, and a config that names it, and a
 * runtime directory. All of it as whoever runs the test.
 */
#ifndef APITOKEN_HOST_H
#define APITOKEN_HOST_H

#include <security/pam_appl.h>
#include <stdbool.h>

#include "elsewhere.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "token/token.h"
#include "users.h"

#define SERVICE "probe" /* the service of the host's pam.d folder */

/* A PAM transaction, and what its conversation answers. */
struct host {
	const struct scratch *scratch;
	char stacks[128]; /* the pam.d folder */
	char run[128];    /* the runtime directory; made by who needs it */
	pam_handle_t *pamh;
	const char *password;      /* NULL: the conversation fails */
	char prompt[64];           /* what it was asked last */
	char token[TOKEN_LEN + 1]; /* issued last */
	unsigned delay;            /* microseconds, as asked for on failure */
};

/* As setup and teardown of a cmocka test; *state is a struct host. */
int host_setup(void **state);
int host_teardown(void **state);

/* The same, and the option need=read: what a sample token has is enough. */
int host_setup_read(void **state);

/* Starts a transaction; one that was started before is ended. */
void host_start(struct host *host, const char *user, const char *password);

/* Calls a hook and returns the module's own code. */
int host_authenticate(struct host *host);
int host_account(struct host *host);
int host_setcred(struct host *host);
int host_open_session(struct host *host);
int host_close_session(struct host *host);

/* Writes the stack anew, with these arguments of the module on every line. */
void host_write_stack(struct host *host, const char *arguments);

/* The same, with other arguments on each line: auth, account, session. */
void host_write_lines(struct host *host, const char *const arguments[3]);

/* Writes the config anew: the store's own lines, and these. */
void host_write_config(struct host *host, const char *lines);

/*
 * Issues a token to alice, of the sample's kind, after change has had its
 * way with the record. text is set to the token.
 */
void host_issue(struct host *host, char text[TOKEN_LEN + 1],
    void (*change)(struct record *record));

/* Reads a token's record, gives it to change, and stores it again. */
void host_change(struct host *host, const char text[TOKEN_LEN + 1],
    void (*change)(struct record *record));

/*
 * Holds the whole of a lock file as another process would, shared (F_RDLCK) or
 * alone (F_WRLCK), until what is returned is closed.
 */
int host_hold(const char *path, short type);

#endif
