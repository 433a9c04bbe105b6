#include "hooks.h"

#include <security/pam_ext.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>

#include "handoff.h"
#include "judge.h"
#include "log.h"
#include "notes.h"
#include "options.h"
#include "result.h"
#include "store.h"
#include "token.h"

/*
 * What a refused token takes, in microseconds: as long as pam_unix's wrong
 * password and its unknown user, so that none can be told from another.
 */
#define FAIL_DELAY 2000000

static const char *
item(pam_handle_t *pamh, int type)
{
	const void *value = NULL;

	return pam_get_item(pamh, type, &value) == PAM_SUCCESS ? value : NULL;
}

static struct subject
subject_of(pam_handle_t *pamh, const char *hook, const char *id)
{
	return (struct subject){
	    .hook = hook,
	    .id = id,
	    .user = item(pamh, PAM_USER),
	    .service = item(pamh, PAM_SERVICE),
	    .from = item(pamh, PAM_RHOST),
	};
}

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
log_checks(const struct subject *subject, const struct verdict *verdict)
{
	static const char *const MARKS[] = {
	    [OUTCOME_SKIPPED] = "skipped",
	    [OUTCOME_PASSED] = "passed",
	    [OUTCOME_FAILED] = "FAILED",
	};
	char text[512];
	size_t len = 0;

	for (unsigned i = 0; i < CHECK_COUNT; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s=%s", i == 0 ? "" : " ",
		    verdict_check_name((enum check)i),
		    MARKS[verdict->outcome[i]]);
	log_debug(subject, text);
}

/* Reads the config and judges the token of the subject. */
static enum err
judge_subject(struct verdict *verdict, const struct options *options,
    const struct subject *subject, const char *text, const char *need,
    struct error *why)
{
	struct candidate candidate = {
	    .id = subject->id,
	    .text = text,
	    .user = subject->user,
	    .request =
		{
		    .service = subject->service,
		    .need = need,
		    .from = subject->from,
		    .now = time(NULL),
		},
	};
	struct config config;
	struct record record;
	enum err rc = config_read(&config, options->config, why);

	candidate.deadline = store_deadline(&config);
	if (rc == ERR_OK)
		rc = judge(verdict, &record, &config, &candidate, why);
	/* text: authenticate has seen the secret, so this is a use. */
	if (rc == ERR_OK && verdict->accepted && text != NULL)
		notes_accepted(
		    &config, subject, &record, candidate.request.now);
	else if (rc == ERR_OK && !verdict->accepted)
		notes_refused(
		    &config, subject, &record, verdict, candidate.request.now);
	config_free(&config);
	return rc;
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

/* Pins an accepted token for the hooks to come. */
static enum err
pin(pam_handle_t *pamh, const struct subject *subject, const char *need)
{
	struct handoff handoff = {0};

	if (subject->user == NULL ||
	    strlen(subject->user) >= sizeof(handoff.user))
		return ERR_INVALID;
	strcpy(handoff.id, subject->id);
	strcpy(handoff.user, subject->user);
	strcpy(handoff.need, need);
	return handoff_set(pamh, &handoff) == PAM_SUCCESS ? ERR_OK : ERR_NOMEM;
}

/* A password that has the shape of a token: it is accepted or refused here. */
static int
authenticate_token(
    pam_handle_t *pamh, const char *text, int argc, const char **argv)
{
	char id[TOKEN_ID_LEN + 1] = "";
	struct subject subject = subject_of(pamh, "auth", id);
	struct error why = {""};
	struct options options = {0};
	struct verdict verdict;
	enum err rc;

	(void)token_parse(text, id);
	verdict_fail(&verdict, CHECK_FORM);
	rc = check_host(&why);
	if (rc == ERR_OK)
		rc = options_parse(&options, argc, argv, &why);
	if (rc == ERR_OK)
		rc = judge_subject(
		    &verdict, &options, &subject, text, options.need, &why);
	if (rc == ERR_OK && verdict.accepted)
		rc = pin(pamh, &subject, options.need);
	log_verdict(&subject, rc, &verdict, &why);
	if (rc == ERR_OK && options.debug)
		log_checks(&subject, &verdict);
	return result_of_authenticate(rc, &verdict);
}

int
hook_authenticate(pam_handle_t *pamh, int argc, const char **argv)
{
	const char *user = NULL, *password = NULL;

	(void)pam_fail_delay(pamh, FAIL_DELAY);
	handoff_clear(pamh);
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

/* Whether what authenticate pinned still belongs to this login. */
static enum err
check_pinned(const struct handoff *handoff, const struct subject *subject,
    struct error *why)
{
	if (handoff->refused)
		return error_set(why, ERR_REFUSED, "refused before");
	if (subject->user == NULL || strcmp(subject->user, handoff->user) != 0)
		return error_set(why, ERR_REFUSED,
		    "the host changed the user after authentication");
	return ERR_OK;
}

int
hook_account(pam_handle_t *pamh, int argc, const char **argv)
{
	struct handoff *handoff = handoff_get(pamh);
	struct error why = {""};
	struct subject subject;
	struct options options = {0};
	struct verdict verdict;
	enum err rc;
	int result;

	if (handoff == NULL)
		return PAM_IGNORE;
	subject = subject_of(pamh, "account", handoff->id);
	verdict_fail(&verdict, CHECK_KNOWN);
	rc = check_pinned(handoff, &subject, &why);
	if (rc == ERR_OK)
		rc = options_parse(&options, argc, argv, &why);
	if (rc == ERR_OK)
		rc = judge_subject(
		    &verdict, &options, &subject, NULL, handoff->need, &why);
	result = result_of_account(rc, &verdict);
	if (result != PAM_SUCCESS) {
		handoff->refused = true;
		log_verdict(&subject, rc, &verdict, &why);
	}
	return result;
}

/*
 * What setcred and session have in common: a token passes if nothing was
 * against it so far; none is what is returned where there is no token.
 */
static int
pass_on(pam_handle_t *pamh, const char *hook, int argc, const char **argv,
    int none, int denied)
{
	struct handoff *handoff = handoff_get(pamh);
	struct error why = {""};
	struct subject subject;
	struct options options = {0};
	enum err rc;

	if (handoff == NULL)
		return none;
	subject = subject_of(pamh, hook, handoff->id);
	rc = check_pinned(handoff, &subject, &why);
	if (rc == ERR_OK)
		rc = options_parse(&options, argc, argv, &why);
	if (rc == ERR_OK)
		return PAM_SUCCESS;
	handoff->refused = true;
	log_refused(&subject, "trouble", why.text);
	return denied;
}

int
hook_setcred(pam_handle_t *pamh, int argc, const char **argv)
{
	return pass_on(
	    pamh, "setcred", argc, argv, PAM_IGNORE, PAM_PERM_DENIED);
}

int
hook_session(pam_handle_t *pamh, int argc, const char **argv)
{
	return pass_on(
	    pamh, "session", argc, argv, PAM_SUCCESS, PAM_SESSION_ERR);
}
