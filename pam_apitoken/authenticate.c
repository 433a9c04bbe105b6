#include "hooks.h"

#include <security/pam_ext.h>
#include <string.h>

#include "attempt_from_pam.h"
#include "base/list.h"
#include "decide.h"
#include "handoff_exchange.h"
#include "host_rights.h"
#include "log.h"
#include "login_state.h"
#include "result.h"
#include "token/token.h"

/*
 * Delay of a refused token, in microseconds: the same as pam_unix's for a wrong
 * password or an unknown user, so that they cannot be told apart.
 */
#define FAIL_DELAY 2000000

/*
 * What later hooks require again. If the line confines but this session is not
 * confined, the token may write: later it must still be one that may.
 */
static void
keep_need(struct handoff *handoff, const struct attempt *attempt)
{
	strcpy(handoff->need, attempt->need);
	if (handoff->confine == CONFINE_NEVER &&
	    attempt->confine != CONFINE_NEVER &&
	    !list_has(handoff->need, "write"))
		strcat(handoff->need, ",write");
}

/* Pins an accepted token for later hooks, in whatever process they run. */
static enum err
pin(pam_handle_t *pamh, const struct attempt *attempt,
    const struct attempt_outcome *outcome, const struct witness *witness,
    const struct config *config, struct error *why)
{
	const struct record *record = &outcome->record;
	struct login_state login = {
	    .state = LOGIN_STATE_TOKEN, .witness = *witness};
	struct handoff *handoff = &login.handoff;
	enum err rc;

	if (strlen(attempt->user) >= sizeof(handoff->user) ||
	    strlen(attempt->service) >= sizeof(handoff->service))
		return error_set(
		    why, ERR_INVALID, "the user or service name is too long");
	strcpy(handoff->id, attempt->id);
	strcpy(handoff->user, attempt->user);
	strcpy(handoff->service, attempt->service);
	strcpy(handoff->name, record->name);
	strcpy(handoff->scopes, record->scopes);
	handoff->expires = record->expires;
	strcpy(handoff->ticket, record->ticket);
	handoff->lifetime = record->lifetime;
	handoff->limits_sessions = record->max_sessions != 0;
	handoff->confine = outcome->confine;
	keep_need(handoff, attempt);
	/* Outside, the process that opens a session has authenticated. */
	rc = host_is_outside(config)
	    ? ERR_OK
	    : handoff_exchange_send(pamh, &login, config, why);
	if (rc == ERR_OK)
		rc = login_state_set(pamh, &login);
	if (rc != ERR_OK)
		handoff_exchange_recall(pamh, &login);
	return rc;
}

/* A password that has the shape of a token: it is accepted or refused here. */
static int
authenticate_token(
    pam_handle_t *pamh, const char *text, int argc, const char **argv)
{
	char id[TOKEN_ID_LEN + 1] = "";
	struct attempt attempt = attempt_from_pam(pamh, "auth", id);
	struct setup setup = {.argc = argc, .argv = argv};
	struct attempt_outcome outcome;
	struct witness witness = {.is_good = false};
	struct error why = {""};
	enum err rc;

	(void)token_parse(text, id);
	attempt.text = text;
	verdict_fail(&outcome.verdict, LOGIN_TEST_FORM);
	rc = decide_witnessed(&outcome, &witness, &attempt, &setup, &why);
	if (rc == ERR_OK && outcome.verdict.accepted)
		rc = pin(
		    pamh, &attempt, &outcome, &witness, &setup.config, &why);
	if (rc != ERR_OK || !outcome.is_logged)
		log_verdict(&attempt, rc, &outcome.verdict, &why);
	if (rc == ERR_OK && !outcome.is_logged && setup.options.debug)
		log_tests(&attempt, &outcome.verdict);
	setup_free(&setup);
	return result_of_authenticate(rc, &outcome.verdict);
}

/* Where users are asked for their passwords to make tokens. */
static bool
is_own_service(pam_handle_t *pamh)
{
	const void *service = NULL;

	return pam_get_item(pamh, PAM_SERVICE, &service) == PAM_SUCCESS &&
	    service != NULL && strcmp(service, CONFIG_OWN_SERVICE) == 0;
}

/* A token makes no tokens: nobody is asked about it. */
static int
refuse_own(pam_handle_t *pamh, const char *text)
{
	char id[TOKEN_ID_LEN + 1] = "";
	struct attempt attempt = attempt_from_pam(pamh, "auth", id);

	(void)token_parse(text, id);
	log_refused(&attempt, "wrong-service", "");
	return PAM_PERM_DENIED;
}

int
hook_authenticate(pam_handle_t *pamh, int argc, const char **argv)
{
	const char *user = NULL, *password = NULL;

	(void)pam_fail_delay(pamh, FAIL_DELAY);
	login_state_clear(pamh);
	handoff_exchange_clear(pamh);
	if (pam_get_user(pamh, &user, NULL) != PAM_SUCCESS || user == NULL)
		return PAM_AUTHINFO_UNAVAIL;
	/* A fixed prompt, since programs wait for the untranslated one. */
	if (pam_get_authtok(pamh, PAM_AUTHTOK, &password, "Password: ") !=
		PAM_SUCCESS ||
	    password == NULL)
		return PAM_AUTHINFO_UNAVAIL;
	if (!token_has_shape(password))
		return PAM_AUTH_ERR;
	if (is_own_service(pamh))
		return refuse_own(pamh, password);
	return authenticate_token(pamh, password, argc, argv);
}
