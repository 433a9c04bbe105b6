/*
 * acct_mgmt: checks again, live, what authenticate has accepted; without
 * reading again what has not changed since.
 */
#include "account/account.h"

#include "attempt_from_pam.h"
#include "decide.h"
#include "handoff_exchange.h"
#include "hooks.h"
#include "log.h"
#include "login_state.h"
#include "result.h"

int
hook_account(pam_handle_t *pamh, int argc, const char **argv)
{
	struct attempt attempt = attempt_from_pam(pamh, "account", "");
	struct setup setup = {.argc = argc, .argv = argv};
	struct login_state *login = login_state_get(pamh);
	struct attempt_outcome outcome;
	struct error why = {""};
	bool is_accepted;
	enum err rc;

	if (login == NULL)
		handoff_exchange_discard(pamh);
	if (login == NULL || login->state == LOGIN_STATE_NONE)
		return PAM_IGNORE;
	login_state_fill(login, &attempt);
	verdict_fail(&outcome.verdict, LOGIN_TEST_KNOWN);
	rc = login_state_check(login, &attempt, &why);
	if (rc == ERR_OK && decide_again(&login->witness, &attempt, &setup))
		return PAM_SUCCESS;
	if (rc == ERR_OK)
		rc = decide(&outcome, &attempt, &setup, &why);
	is_accepted = rc == ERR_OK && outcome.verdict.accepted;
	if (!is_accepted) {
		login->state = LOGIN_STATE_REFUSED;
		handoff_exchange_recall(pamh, login);
		if (rc != ERR_OK || !outcome.is_logged)
			log_verdict(&attempt, rc, &outcome.verdict, &why);
	}
	setup_free(&setup);
	/* If in doubt the owner is not local: then others judge, too. */
	return result_of_account(rc, &outcome.verdict,
	    is_accepted && account_is_local(attempt.user) == ERR_OK);
}
