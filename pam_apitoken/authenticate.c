#include "hooks.h"

#include <security/pam_ext.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

#include "account/account.h"
#include "attempt_from_pam.h"
#include "decide.h"
#include "handoff_exchange.h"
#include "log.h"
#include "login/module_options.h"
#include "login_state.h"
#include "result.h"
#include "token/token.h"

/*
 * What a refused token takes, in microseconds: as long as pam_unix's wrong
 * password and its unknown user, so that none can be told from another.
 */
#define FAIL_DELAY 2000000

static void
log_verdict(const struct subject *subject, enum err rc,
    const struct verdict *verdict, const struct error *why)
{
	if (rc != ERR_OK)
		log_refused(subject, "trouble",
		    why->text[0] != '\0' ? why->text : error_name(rc));
	else if (verdict->accepted)
		log_accepted(subject);
	else
		log_refused(subject, verdict_reason(verdict), "");
}

/* With the option debug: the outcome of every check. */
static void
log_tests(const struct subject *subject, const struct verdict *verdict)
{
	static const char *const MARKS[] = {
	    [OUTCOME_SKIPPED] = "skipped",
	    [OUTCOME_PASSED] = "passed",
	    [OUTCOME_FAILED] = "FAILED",
	};
	char text[512];
	size_t len = 0;

	for (unsigned i = 0; i < LOGIN_TEST_COUNT; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s=%s", i == 0 ? "" : " ",
		    verdict_test_name((enum login_test)i),
		    MARKS[verdict->outcome[i]]);
	log_debug(subject, text);
}

static enum err
check_host(struct error *why)
{
	/* A user can stop a set-uid program of his while it holds the lock. */
	if (getauxval(AT_SECURE) != 0)
		return error_set(
		    why, ERR_CONFIG, "a set-uid program cannot take tokens");
	return ERR_OK;
}

/* Pins an accepted token for the hooks to come, wherever they will run. */
static enum err
pin(pam_handle_t *pamh, const struct subject *subject,
    const struct record *record, const struct evidence *evidence,
    const char *config, struct error *why)
{
	struct login_state pinned = {
	    .state = LOGIN_STATE_TOKEN,
	    .handoff = {.confine = evidence->confine},
	};
	struct handoff *handoff = &pinned.handoff;
	enum err rc;

	if (strlen(subject->user) >= sizeof(handoff->user) ||
	    strlen(subject->service) >= sizeof(handoff->service))
		return error_set(why, ERR_INVALID,
		    "the name of user or service is too long");
	strcpy(handoff->id, subject->id);
	strcpy(handoff->user, subject->user);
	strcpy(handoff->service, subject->service);
	strcpy(handoff->need, evidence->need);
	strcpy(handoff->name, record->name);
	strcpy(handoff->scopes, record->scopes);
	strcpy(handoff->ticket, record->ticket);
	handoff->lifetime = record->lifetime;
	rc = handoff_exchange_send(pamh, &pinned, config, why);
	if (rc == ERR_OK)
		rc = login_state_set(pamh, &pinned);
	if (rc != ERR_OK)
		handoff_exchange_recall(pamh, &pinned);
	return rc;
}

/* A password that has the shape of a token: it is accepted or refused here. */
static int
authenticate_token(
    pam_handle_t *pamh, const char *text, int argc, const char **argv)
{
	char id[TOKEN_ID_LEN + 1] = "";
	struct subject subject = attempt_from_pam(pamh, "auth", id);
	struct error why = {""};
	struct module_options options = {0};
	struct evidence evidence = {.text = text};
	struct verdict verdict;
	struct record record;
	enum err rc;

	(void)token_parse(text, id);
	verdict_fail(&verdict, LOGIN_TEST_FORM);
	rc = check_host(&why);
	if (rc == ERR_OK)
		rc = module_options_parse(&options, argc, argv, &why);
	strcpy(evidence.need, options.need);
	if (rc == ERR_OK)
		rc = decide(
		    &verdict, &record, &options, &subject, &evidence, &why);
	if (rc == ERR_OK && verdict.accepted)
		rc = pin(
		    pamh, &subject, &record, &evidence, options.config, &why);
	log_verdict(&subject, rc, &verdict, &why);
	if (rc == ERR_OK && options.debug)
		log_tests(&subject, &verdict);
	return result_of_authenticate(rc, &verdict);
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
	/* The prompt is given, since programs wait for it untranslated. */
	if (pam_get_authtok(pamh, PAM_AUTHTOK, &password, "Password: ") !=
		PAM_SUCCESS ||
	    password == NULL)
		return PAM_AUTHINFO_UNAVAIL;
	if (!token_has_shape(password))
		return PAM_AUTH_ERR;
	return authenticate_token(pamh, password, argc, argv);
}

int
hook_account(pam_handle_t *pamh, int argc, const char **argv)
{
	struct login_state *pinned = login_state_get(pamh);
	struct evidence evidence;
	struct error why = {""};
	struct subject subject;
	struct module_options options = {0};
	struct verdict verdict;
	struct record record;
	bool is_accepted;
	enum err rc;

	if (pinned == NULL)
		handoff_exchange_discard(pamh);
	if (pinned == NULL || pinned->state == LOGIN_STATE_NONE)
		return PAM_IGNORE;
	subject = attempt_from_pam(pamh, "account", pinned->handoff.id);
	evidence = (struct evidence){.ticket = pinned->handoff.ticket};
	strcpy(evidence.need, pinned->handoff.need);
	verdict_fail(&verdict, LOGIN_TEST_KNOWN);
	rc = login_state_check(pinned, &subject, &why);
	if (rc == ERR_OK)
		rc = module_options_parse(&options, argc, argv, &why);
	if (rc == ERR_OK)
		rc = decide(
		    &verdict, &record, &options, &subject, &evidence, &why);
	is_accepted = rc == ERR_OK && verdict.accepted;
	if (!is_accepted) {
		pinned->state = LOGIN_STATE_REFUSED;
		handoff_exchange_recall(pamh, pinned);
		log_verdict(&subject, rc, &verdict, &why);
	}
	/* Who cannot be shown to be local is not: more are asked then. */
	return result_of_account(rc, &verdict,
	    is_accepted && account_is_local(subject.user) == ERR_OK);
}
