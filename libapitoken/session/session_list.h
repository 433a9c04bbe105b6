/*
 * The live sessions of tokens: a file in the runtime directory for each, named
 * by token, process and a number. This is no store: a list that is missing
 * costs nothing but itself, and one of a process that has ended says so.
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
	unsigned number;        /* of several of that process */
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
 * Enters a session of this process in the list below run: sets process and
 * number. Texts of the host's that would not be printable are left out.
 * ERR_SYSTEM, ERR_UNSAFE.
 */
enum err session_enter(
    const char *run, struct session *session, struct error *why);

/* Takes it out again. ERR_SYSTEM, ERR_UNSAFE. */
enum err session_leave(
    const char *run, const struct session *session, struct error *why);

/*
 * Notes in all sessions of this process that it serves others, too. As
 * session_enter.
 */
enum err session_share(const char *run, struct error *why);

/* Takes a session; what is not ERR_OK ends the reading. */
typedef enum err session_visitor(const struct session *session, void *arg);

/*
 * Gives every session to the visitor, or those of one token if id is not NULL,
 * also those whose process has ended. Of one whose file cannot be read, or is
 * damaged, only token, process and number are known: the rest is empty,
 * lifetime RECORD_UNTIL_LOGOUT, so that the token's record is asked, and
 * is_shared true, so that no process is ended that is not known to be its own.
 * ERR_SYSTEM, ERR_UNSAFE, or what the visitor returned.
 */
enum err session_each(const char *run, const char *id, session_visitor *visit,
    void *arg, struct error *why);

/* Whether its process has certainly ended. */
bool session_is_over(const struct session *session);

#endif
