/*
 * The live sessions of tokens: a file in the runtime directory for each, named
 * after token, process and a number. This is no store: losing the list loses
 * nothing else, and an entry shows when its process has ended.
 */
#ifndef APITOKEN_SESSION_LIST_H
#define APITOKEN_SESSION_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/network.h"
#include "session/login_ids.h"
#include "session/process.h"
#include "token/record.h"

#define SESSION_TTY_MAX 63

struct session {
	char id[TOKEN_ID_LEN + 1];
	struct process process; /* which called the session's hooks */
	unsigned number;        /* tells those of one process apart */
	char user[RECORD_USER_MAX + 1];
	char name[PARSE_NAME_MAX + 1]; /* the token's, when it logged in */
	char service[PARSE_SERVICE_MAX + 1];
	char from[NETWORK_TEXT_LEN + 1]; /* numeric; "": not known */
	char tty[SESSION_TTY_MAX + 1];   /* as the host calls it; may be "" */
	int64_t since;                   /* seconds */
	enum record_lifetime lifetime;
	struct login_ids before; /* the process's, before the session began */
	bool is_shared;          /* its process may serve others, too */
};

/*
 * Adds a session to the list below run: sets its number, and its process to
 * this one if it has none. Texts from the host that are not printable are left
 * out. ERR_SYSTEM, ERR_UNSAFE.
 */
enum err session_enter(
    const char *run, struct session *session, struct error *why);

/* Removes it again. ERR_SYSTEM, ERR_UNSAFE. */
enum err session_leave(
    const char *run, const struct session *session, struct error *why);

/* Marks all sessions of this process as shared. Errors as session_enter. */
enum err session_share(const char *run, struct error *why);

/* Called with a session; any return but ERR_OK ends the walk. */
typedef enum err session_visitor(const struct session *session, void *arg);

/*
 * Passes every session to the visitor, or those of one token if id is not NULL,
 * even if their process has ended. If the file of one is unreadable or damaged,
 * only token, process and number are known: the rest is empty, lifetime is
 * RECORD_UNTIL_LOGOUT, so that the token's record is asked, and is_shared is
 * true, so that no process is ended that may not be its own. ERR_SYSTEM,
 * ERR_UNSAFE, or what the visitor returned.
 */
enum err session_each(const char *run, const char *id, session_visitor *visit,
    void *arg, struct error *why);

/*
 * Reads one again that was in the list: its process may have left it, or serve
 * others now. False: it was left; *session is as before. What cannot be read is
 * as in session_each.
 */
bool session_look_again(const char *run, struct session *session);

/*
 * Sets live to the number of a token's sessions whose process has not certainly
 * ended, whatever their files say. Errors as session_each.
 */
enum err session_count(
    const char *run, const char *id, uint32_t *live, struct error *why);

/* Whether its process has certainly ended. */
bool session_is_over(const struct session *session);

#endif
