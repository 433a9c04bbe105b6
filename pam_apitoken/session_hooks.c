/* setcred and session: carry out what authenticate has settled. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "attempt_from_pam.h"
#include "confine_hook.h"
#include "handoff_exchange.h"
#include "hooks.h"
#include "host_rights.h"
#include "lifecycle/max_sessions.h"
#include "log.h"
#include "login/module_setup.h"
#include "login_state.h"
#include "session_entry.h"

/* What differs between these hooks. */
struct later {
	const char *hook;
	bool opens; /* the session begins, here or next */
	enum {
		CREDENTIALS,
		OPEN,
		CLOSE
	} step;
	int none;    /* returned where there is no token */
	int refused; /* and where one is refused */
};

static enum err
put(pam_handle_t *pamh, const char *name, const char *value)
{
	char text[64 + RECORD_SCOPES_MAX];

	(void)snprintf(text, sizeof(text), "%s=%s", name, value);
	return pam_putenv(pamh, text) == PAM_SUCCESS ? ERR_OK : ERR_NOMEM;
}

/* The time when the token expires, or never. */
static enum err
put_expiry(pam_handle_t *pamh, int64_t expires)
{
	char text[PARSE_TIME_LEN + 1] = "never";

	if (expires != TIME_NEVER)
		parse_format_time(expires, text);
	return put(pamh, "APITOKEN_EXPIRES", text);
}

/* Tells the session about its token, in place of what was said before. */
static enum err
tell_session(
    pam_handle_t *pamh, const struct handoff *handoff, struct error *why)
{
	enum err rc = put(pamh, "APITOKEN_ID", handoff->id);

	if (rc == ERR_OK)
		rc = put(pamh, "APITOKEN_NAME", handoff->name);
	if (rc == ERR_OK)
		rc = put(pamh, "APITOKEN_SCOPES", handoff->scopes);
	if (rc == ERR_OK)
		rc = put_expiry(pamh, handoff->expires);
	return rc == ERR_OK ? rc : error_plain(why, rc);
}

/*
 * Whether the session has to be listed by now: when it is opened. Earlier if
 * its process will be confined then and cannot write the list; and if the token
 * ends with the session, for services that set credentials but open no session.
 */
static bool
is_to_be_listed(const struct handoff *handoff, const struct later *later)
{
	return later->step == OPEN ||
	    (later->opens &&
		(handoff->confine == CONFINE_PROCESS ||
		    handoff->lifetime == RECORD_UNTIL_LOGOUT));
}

/* A token passes if nothing has refused it so far. */
static enum err
pass_token(pam_handle_t *pamh, struct login_state *login,
    const struct later *later, const struct attempt *attempt,
    struct setup *setup, struct error *why)
{
	enum err rc = setup_read_options(setup, why);

	if (rc == ERR_OK)
		rc = login_state_check(login, attempt, why);
	if (rc == ERR_OK && later->opens) {
		handoff_exchange_recall(pamh, login);
		rc = tell_session(pamh, &login->handoff, why);
	}
	if (rc == ERR_OK && is_to_be_listed(&login->handoff, later))
		rc = session_entry_begin(login, attempt, setup, why);
	if (rc == ERR_OK && later->opens)
		rc = confine_hook_enter(
		    pamh, login, setup, later->step == OPEN, why);
	/*
	 * Whatever else is wrong. Without options, the store is unknown in
	 * which the token may have to be ended: the session stays listed.
	 */
	if (later->step == CLOSE && setup->has_options)
		session_entry_end(login, attempt, setup);
	return rc;
}

/*
 * For a process that has not authenticated: finds out whether this login uses a
 * token, sets *login, and pins it. If it cannot be login, it is left where it
 * is, and the next hook finds the same. ERR_REFUSED, ERR_NOMEM.
 */
static enum err
settle(pam_handle_t *pamh, struct login_state *login,
    const struct attempt *attempt, struct setup *setup, struct error *why)
{
	handoff_exchange_receive(pamh, login, attempt, setup, why);
	if (login_state_set(pamh, login) == ERR_OK)
		handoff_exchange_finish(pamh, login);
	else if (login->state == LOGIN_STATE_TOKEN)
		return error_plain(why, ERR_NOMEM);
	return login->state == LOGIN_STATE_REFUSED ? ERR_REFUSED : ERR_OK;
}

/*
 * sshd goes on where it should not: with the session's child when setcred fails
 * there, and with what it forwards when no session may be opened.
 */
static bool
host_goes_on(const struct later *later, const struct login_state *login)
{
	switch (later->step) {
	case CREDENTIALS:
		return later->opens && login->host != 0 &&
		    login->host != getpid();
	case OPEN:
		return confine_hook_host_goes_on();
	case CLOSE:
		break;
	}
	return false;
}

/*
 * What the host is told. sudo goes on after PAM_SESSION_ERR, and only after
 * that (sudo_pam_begin_session in its pam.c).
 */
static int
refusal(const struct later *later)
{
	return later->step == OPEN && host_is_set_uid() ? PAM_PERM_DENIED
							: later->refused;
}

static int
carry_out(pam_handle_t *pamh, const struct later *later, struct setup *setup)
{
	struct error why = {""};
	struct attempt attempt = attempt_from_pam(pamh, later->hook, "");
	struct login_state *login = login_state_get(pamh), fresh;
	enum err rc = ERR_OK;

	if (login == NULL && later->opens) {
		rc = settle(pamh, &fresh, &attempt, setup, &why);
		login = login_state_get(pamh);
		if (login == NULL)
			login = &fresh;
	}
	if (login != NULL && later->step == OPEN)
		session_entry_count(login);
	if (login == NULL || login->state == LOGIN_STATE_NONE)
		return later->none;
	login_state_fill(login, &attempt);
	/* sudo's session is another's, by then: its user stays its caller. */
	if (host_is_set_uid() && login->handoff.user[0] != '\0')
		attempt.user = login->handoff.user;
	if (rc == ERR_OK)
		rc = pass_token(pamh, login, later, &attempt, setup, &why);
	if (rc == ERR_OK)
		return PAM_SUCCESS;
	login->state = LOGIN_STATE_REFUSED;
	if (rc == ERR_REFUSED && why.text[0] == '\0')
		; /* the door has logged it */
	else if (rc == ERR_POLICY)
		log_refused(&attempt, MAX_SESSIONS_REASON, "");
	else
		log_refused(&attempt, "trouble", why.text);
	if (host_goes_on(later, login))
		_exit(EXIT_FAILURE);
	return refusal(later);
}

static int
run(pam_handle_t *pamh, const struct later *later, int argc, const char **argv)
{
	struct setup setup = {.argc = argc, .argv = argv};
	int result = carry_out(pamh, later, &setup);

	setup_free(&setup);
	return result;
}

int
hook_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	const struct later later = {
	    "setcred",
	    ((unsigned)flags & PAM_DELETE_CRED) == 0,
	    CREDENTIALS,
	    PAM_IGNORE,
	    PAM_PERM_DENIED,
	};

	return run(pamh, &later, argc, argv);
}

int
hook_open_session(pam_handle_t *pamh, int argc, const char **argv)
{
	static const struct later LATER = {
	    "session", true, OPEN, PAM_SUCCESS, PAM_SESSION_ERR};

	return run(pamh, &LATER, argc, argv);
}

int
hook_close_session(pam_handle_t *pamh, int argc, const char **argv)
{
	static const struct later LATER = {
	    "session", false, CLOSE, PAM_SUCCESS, PAM_SESSION_ERR};

	return run(pamh, &LATER, argc, argv);
}
