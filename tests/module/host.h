/*
 * A PAM host for tests: the built module behind pam_shim in its own pam.d
 * folder, with its own users, store, config and runtime directory. Runs as any
 * user.
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

/* A PAM transaction, and the answers of its conversation. */
struct host {
	const struct scratch *scratch;
	char stacks[128]; /* the pam.d folder */
	char run[128]; /* the runtime directory; made by tests that need it */
	pam_handle_t *pamh;
	const char *password;      /* NULL: the conversation fails */
	char prompt[64];           /* the last prompt */
	char token[TOKEN_LEN + 1]; /* the last token issued */
	unsigned delay; /* microseconds, requested in case of failure */
};

/* As setup and teardown of a cmocka test; *state is a struct host. */
int host_setup(void **state);
int host_teardown(void **state);

/* The same, with the option need=read: a sample token has enough scopes. */
int host_setup_read(void **state);

/* Starts a transaction; ends an earlier one. */
void host_start(struct host *host, const char *user, const char *password);

/* Calls a hook and returns the module's own code. */
int host_authenticate(struct host *host);
int host_account(struct host *host);
int host_setcred(struct host *host);
int host_open_session(struct host *host);
int host_close_session(struct host *host);

/* Writes the stack, with these arguments of the module on every line. */
void host_write_stack(struct host *host, const char *arguments);

/* The same, with other arguments on each line: auth, account, session. */
void host_write_lines(struct host *host, const char *const arguments[3]);

/* Writes the config: the store's own lines, and these. */
void host_write_config(struct host *host, const char *lines);

/* The same without any, but a lock is waited for as long as it takes. */
void host_be_patient(struct host *host);

/*
 * Issues a sample token to alice, after change has edited the record. Sets text
 * to the token.
 */
void host_issue(struct host *host, char text[TOKEN_LEN + 1],
    void (*change)(struct record *record));

/* Reads a token's record, lets change edit it, and stores it again. */
void host_change(struct host *host, const char text[TOKEN_LEN + 1],
    void (*change)(struct record *record));

/*
 * Locks a whole lock file as another process would, shared (F_RDLCK) or
 * exclusive (F_WRLCK), until the returned descriptor is closed.
 */
int host_hold(const char *path, short type);

#endif
