#include "hooks.h"

#include <security/pam_ext.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>

#include "judge.h"
#include "lock.h"
#include "log.h"
#include "logout.h"
#include "notes.h"
#include "once.h"
#include "options.h"
#include "pinned.h"
#include "result.h"
#include "rundir.h"
#include "store.h"
#include "subject.h"
#include "token.h"
#include "transfer.h"

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

/* What a hook has in hand to judge a token by. */
struct evidence {
	const char *text; /* NULL: authenticate has seen it */
	const char *need; /* the scopes that are needed */
	const char
	    *ticket; /* of a token that this login has used up, or NULL */
};

/* A token that has ended by itself is one that was revoked. */
static enum err
refuse_ended(struct verdict *verdict)
{
	verdict_fail(verdict, CHECK_STATE);
	verdict->state = RECORD_REVOKED;
	return ERR_OK;
}

/* Refuses a token whose session is over, though nobody could write it yet. */
static enum err
check_logout(const struct config *config, const struct candidate *candidate,
    struct verdict *verdict, struct error *why)
{
	bool happened;
	enum err rc = logout_has_happened(
	    RUNDIR, candidate->id, &happened, why);

	if (rc != ERR_OK || !happened)
		return rc;
	if (notes_can_be_written())
		(void)logout_revoke(config, candidate->id,
		    candidate->request.now, lock_deadline(0), NULL);
	return refuse_ended(verdict);
}

/* Uses up a token that is for one login. */
static enum err
spend(const struct config *config, const struct candidate *candidate,
    struct record *record, struct verdict *verdict, struct error *why)
{
	enum err rc;

	if (!notes_can_be_written())
		return error_set(why, ERR_SYSTEM,
		    "a token for one login cannot be used up under a limit of "
		    "file sizes (RLIMIT_FSIZE)");
	rc = once_spend(config, record->id, candidate->request.now,
	    candidate->deadline, record->ticket, why);
	/* Another login was faster. */
	return rc == ERR_REFUSED ? refuse_ended(verdict) : rc;
}

/* Of tokens that end by themselves: whether this one has, or does so now. */
static enum err
end_by_itself(const struct config *config, const struct candidate *candidate,
    struct record *record, struct verdict *verdict, struct error *why)
{
	switch (record->lifetime) {
	case RECORD_LASTING:
		return ERR_OK;
	case RECORD_ONCE:
		return spend(config, candidate, record, verdict, why);
	case RECORD_UNTIL_LOGOUT:
		return check_logout(config, candidate, verdict, why);
	}
	return ERR_INTERNAL;
}

/* Reads the config and judges the token of the subject, whose record it is. */
static enum err
judge_subject(struct verdict *verdict, struct record *record,
    const struct options *options, const struct subject *subject,
    const struct evidence *evidence, struct error *why)
{
	struct candidate candidate = {
	    .id = subject->id,
	    .text = evidence->text,
	    .user = subject->user,
	    .ticket = evidence->ticket,
	    .request =
		{
		    .service = subject->service,
		    .need = evidence->need,
		    .from = subject->from,
		    .now = time(NULL),
		},
	};
	struct config config;
	enum err rc = config_read(&config, options->config, why);

	candidate.deadline = store_deadline(&config);
	if (rc == ERR_OK)
		rc = judge(verdict, record, &config, &candidate, why);
	/* text: authenticate has seen the secret, so this is a use. */
	if (rc == ERR_OK && verdict->accepted && evidence->text != NULL)
		rc = end_by_itself(&config, &candidate, record, verdict, why);
	if (rc == ERR_OK && verdict->accepted && evidence->text != NULL)
		notes_accepted(&config, subject, record, candidate.request.now);
	else if (rc == ERR_OK && !verdict->accepted)
		notes_refused(
		    &config, subject, record, verdict, candidate.request.now);
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

/* Pins an accepted token for the hooks to come, wherever they will run. */
static enum err
pin(pam_handle_t *pamh, const struct subject *subject,
    const struct record *record, const struct options *options,
    struct error *why)
{
	struct pinned pinned = {
	    .state = PINNED_TOKEN,
	    .handoff = {.confine = options->confine},
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
	strcpy(handoff->need, options->need);
	strcpy(handoff->name, record->name);
	strcpy(handoff->scopes, record->scopes);
	strcpy(handoff->ticket, record->ticket);
	handoff->lifetime = record->lifetime;
	rc = transfer_send(pamh, &pinned, options->config, why);
	if (rc == ERR_OK)
		rc = pinned_set(pamh, &pinned);
	if (rc != ERR_OK)
		transfer_recall(pamh, &pinned);
	return rc;
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
	struct evidence evidence = {.text = text, .need = options.need};
	struct verdict verdict;
	struct record record;
	enum err rc;

	(void)token_parse(text, id);
	verdict_fail(&verdict, CHECK_FORM);
	rc = check_host(&why);
	if (rc == ERR_OK)
		rc = options_parse(&options, argc, argv, &why);
	if (rc == ERR_OK)
		rc = judge_subject(
		    &verdict, &record, &options, &subject, &evidence, &why);
	if (rc == ERR_OK && verdict.accepted)
		rc = pin(pamh, &subject, &record, &options, &why);
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
	pinned_clear(pamh);
	transfer_clear(pamh);
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
	struct pinned *pinned = pinned_get(pamh);
	struct evidence evidence;
	struct error why = {""};
	struct subject subject;
	struct options options = {0};
	struct verdict verdict;
	struct record record;
	enum err rc;
	int result;

	if (pinned == NULL)
		transfer_discard(pamh);
	if (pinned == NULL || pinned->state == PINNED_NONE)
		return PAM_IGNORE;
	subject = subject_of(pamh, "account", pinned->handoff.id);
	evidence = (struct evidence){
	    .need = pinned->handoff.need,
	    .ticket = pinned->handoff.ticket,
	};
	verdict_fail(&verdict, CHECK_KNOWN);
	rc = pinned_check(pinned, &subject, &why);
	if (rc == ERR_OK)
		rc = options_parse(&options, argc, argv, &why);
	if (rc == ERR_OK)
		rc = judge_subject(
		    &verdict, &record, &options, &subject, &evidence, &why);
	result = result_of_account(rc, &verdict);
	if (result != PAM_SUCCESS) {
		pinned->state = PINNED_REFUSED;
		transfer_recall(pamh, pinned);
		log_verdict(&subject, rc, &verdict, &why);
	}
	return result;
}
