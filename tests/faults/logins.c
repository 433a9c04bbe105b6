#include "logins.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/broken.h"
#include "lib/rotated.h"
#include "session/session_list.h"
#include "store/last_use.h"

char login_token[TOKEN_LEN + 1];

static void
id_of(char id[TOKEN_ID_LEN + 1])
{
	assert_true(token_parse(login_token, id));
}

/* Last used an hour ago, so that each login notes its use. */
static void
issue(struct host *host, void (*change)(struct record *record))
{
	char id[TOKEN_ID_LEN + 1];

	host_issue(host, login_token, change);
	id_of(id);
	assert_ok(last_use_note(&host->scratch->config, id, time(NULL) - HOUR,
	    NULL, SERVICE, &why));
}

static void
issue_good(struct host *host)
{
	issue(host, NULL);
}

static void
set_revoked(struct record *record)
{
	record->state = RECORD_REVOKED;
	record->ended.at = time(NULL);
}

static void
issue_revoked(struct host *host)
{
	issue(host, set_revoked);
}

static void
expire(struct record *record)
{
	record->expires = record->created.at;
}

static void
issue_expired(struct host *host)
{
	issue(host, expire);
}

static void
change_digest(struct record *record)
{
	record->digest[0] ^= 1;
}

static void
issue_with_another_secret(struct host *host)
{
	issue(host, change_digest);
}

static void
give_to_bob(struct record *record)
{
	strcpy(record->user, BOB);
	record->uid = UID_BOB;
}

static void
issue_to_bob(struct host *host)
{
	issue(host, give_to_bob);
}

static void
limit_scope(struct record *record)
{
	strcpy(record->scopes, "read");
}

static void
issue_with_less_scope(struct host *host)
{
	issue(host, limit_scope);
}

static void
issue_unknown(struct host *host)
{
	char id[TOKEN_ID_LEN + 1];

	issue(host, NULL);
	assert_ok(token_make(login_token, id));
}

static void
issue_for_locked_account(struct host *host)
{
	issue(host, NULL);
	users_set_shadow("!$y$hash:20000::::::");
}

static void
start_later(struct record *record)
{
	record->starts = time(NULL) + DAY;
}

static void
issue_for_later(struct host *host)
{
	issue(host, start_later);
}

static void
allow_one_session(struct record *record)
{
	record->max_sessions = 1;
}

static void
issue_for_one_session(struct host *host)
{
	issue(host, allow_one_session);
}

static enum err
forget(const struct session *session, void *arg)
{
	return session_leave(arg, session, &why);
}

/* What an earlier login could not take out of the list; its host goes on. */
static void
forget_sessions(struct host *host)
{
	assert_ok(session_each(host->run, NULL, forget, host->run, &why));
}

/* And that one is open. */
static void
issue_and_use_the_session(struct host *host)
{
	struct session session = {.user = ALICE, .since = time(NULL)};

	issue(host, allow_one_session);
	id_of(session.id);
	assert_ok(session_enter(host->run, &session, &why));
}

static void
set_once(struct record *record)
{
	record->lifetime = RECORD_ONCE;
}

static void
issue_once(struct host *host)
{
	issue(host, set_once);
}

static void
set_until_logout(struct record *record)
{
	record->lifetime = RECORD_UNTIL_LOGOUT;
}

static void
issue_until_logout(struct host *host)
{
	issue(host, set_until_logout);
}

static void
issue_and_rotate(struct host *host)
{
	char id[TOKEN_ID_LEN + 1];

	issue(host, NULL);
	id_of(id);
	assert_ok(rotated_start(host->scratch, id, OVERLAP, time(NULL)));
	strcpy(login_token, rotated.text);
}

static void
issue_and_break_the_config(struct host *host)
{
	issue(host, NULL);
	host_write_config(host, "[nonsense]\n");
}

static void
revoke_now(struct host *host)
{
	host_change(host, login_token, set_revoked);
}

/* The store is sound, and has what was written, or what was there before. */
static bool
is_sound(struct host *host)
{
	struct check_report report;
	enum err rc = broken_check(host->scratch, &report);
	uint64_t count = report.findings.count;

	if (rc != ERR_OK || count > 0)
		print_error("check: %s\n",
		    count > 0 ? report.findings.lines[0] : why.text);
	check_report_free(&report);
	return rc == ERR_OK && count == 0;
}

static bool
holds_sound(struct host *host, const struct outcome *outcome)
{
	(void)outcome;
	return is_sound(host);
}

/* No commit, no login. */
static bool
holds_once(struct host *host, const struct outcome *outcome)
{
	char id[TOKEN_ID_LEN + 1];

	id_of(id);
	return is_sound(host) &&
	    (outcome->codes[AUTHENTICATE] != PAM_SUCCESS ||
		rotated_get(host->scratch, id).state == RECORD_REVOKED);
}

const struct login LOGINS[LOGINS_COUNT] = {
    {"accepted", issue_good, STEPS},
    {"wrong secret", issue_with_another_secret, AUTHENTICATE},
    {"unknown", issue_unknown, AUTHENTICATE},
    {"revoked", issue_revoked, AUTHENTICATE},
    {"expired", issue_expired, AUTHENTICATE},
    {"not yet", issue_for_later, AUTHENTICATE},
    {"of another user", issue_to_bob, AUTHENTICATE},
    {"of less scope", issue_with_less_scope, AUTHENTICATE},
    {"of a locked account", issue_for_locked_account, AUTHENTICATE,
	.holds = holds_sound},
    {"revoked before the account", issue_good, ACCOUNT, ACCOUNT, revoke_now},
    {"revoked before the session", issue_good, OPEN, OPEN, revoke_now},
    {"for one session", issue_for_one_session, STEPS, AUTHENTICATE,
	forget_sessions, holds_sound},
    {"one session too many", issue_and_use_the_session, OPEN},
    {"for one login", issue_once, STEPS, .holds = holds_once},
    {"until logout", issue_until_logout, STEPS, .holds = holds_sound},
    {"successor", issue_and_rotate, STEPS, .holds = holds_sound},
    {"broken config", issue_and_break_the_config, AUTHENTICATE},
    {"password", issue_good, STEPS, .password = "correct horse"},
    {"password, broken config", issue_and_break_the_config, STEPS,
	.password = "correct horse"},
};
