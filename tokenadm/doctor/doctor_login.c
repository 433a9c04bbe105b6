/* doctor --login: how a login with the token would end, and why. */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/secret.h"
#include "cli/session_limit.h"
#include "cli/token_fault.h"
#include "cli/verdict_text.h"
#include "confine/confine_rule.h"
#include "doctor/doctor.h"
#include "doctor/login_address.h"
#include "doctor/login_door.h"
#include "doctor/login_host.h"
#include "doctor/login_stacks.h"
#include "doctor/login_steps.h"
#include "doctor/login_store.h"
#include "doctor/stack_advice.h"
#include "lifecycle/max_sessions.h"
#include "login/attempt_log.h"
#include "login/attempt_run.h"
#include "pam/own_lines.h"
#include "pam/pam_modules.h"
#include "pam/pamconf.h"
#include "session/rundir.h"

struct login {
	struct context *context;
	struct steps steps;
	bool asks; /* the host asks PAM */
	struct pamstack stack;
	const struct pamstack_entry *line; /* in auth; NULL: none */
	struct setup setup;                /* of that line */
	char id[TOKEN_ID_LEN + 1];
	struct attempt attempt;
	enum told_address told;
	struct attempt_outcome outcome;
	bool is_full;    /* the session would be refused, as one too many */
	bool is_outside; /* the host asks at the door */
	struct error why;
};

/* Fails a step: it is trouble, and the error's text goes to the log line. */
static enum err
trouble(struct login *login, const char *step, enum err rc)
{
	if (rc != ERR_OK && login->why.text[0] == '\0')
		(void)error_plain(&login->why, rc);
	if (rc != ERR_OK)
		steps_add(
		    &login->steps, step, OUTCOME_FAILED, "%s", login->why.text);
	return rc;
}

static enum err
read_line(struct login *login)
{
	const struct pamstack_entry *line = login->line;
	const struct attempt *attempt = &login->attempt;
	struct setup *setup = &login->setup;
	bool confines;
	enum err rc;

	setup->argc = line->line.argc;
	setup->argv = line->line.argv;
	rc = setup_read_options(setup, &login->why);
	if (rc != ERR_OK)
		return trouble(login, "line", rc);
	rc = setup_read_config(setup, &login->why);
	if (rc != ERR_OK)
		return trouble(login, "config", rc);
	if (login->is_outside)
		attempt_set_demands_outside(&login->attempt, setup);
	else
		attempt_set_demands(&login->attempt, setup);
	confines = attempt->confine != CONFINE_NEVER;
	steps_add(&login->steps, "line", OUTCOME_PASSED, "%s:%zu needs %s%s%s",
	    line->file, line->number, attempt->need, confines ? ", " : "",
	    confines ? confine_mode_text(attempt->confine) : "");
	steps_add(&login->steps, "config", OUTCOME_PASSED, "%s",
	    config_file_name(setup->options.config));
	return ERR_OK;
}

static void
show_tests(struct login *login)
{
	const struct verdict *verdict = &login->outcome.verdict;

	for (unsigned i = 0; i < LOGIN_TEST_COUNT; i++) {
		char detail[VERDICT_TEXT_DETAIL_SIZE];
		enum login_test test = (enum login_test)i;

		verdict_text_detail(detail, test, verdict,
		    &login->outcome.record, &login->attempt);
		/* If it is not a token, no other test applies. */
		if (i > LOGIN_TEST_FORM &&
		    verdict->outcome[LOGIN_TEST_FORM] == OUTCOME_FAILED)
			return;
		steps_add(&login->steps, verdict_test_name(test),
		    verdict->outcome[i], "%s", detail);
	}
}

/* What a login would do to the token; nothing is changed here. */
static void
show_lifetime(struct login *login)
{
	const char *again = service_facts_asks_again(login->attempt.service);

	if (login->outcome.is_over)
		steps_add(&login->steps, "lifetime", OUTCOME_FAILED,
		    "its session is over");
	else if (login->outcome.record.lifetime == RECORD_ONCE)
		steps_add(&login->steps, "lifetime", OUTCOME_PASSED,
		    "a login would use it up%s%s",
		    again != NULL ? "; it is asked for again " : "",
		    again != NULL ? again : "");
}

/* The steps of attempt_run, as it reaches them. */
static void
show_stage(void *arg, enum attempt_stage stage, enum err rc)
{
	static const char *const STEPS[] = {
	    [ATTEMPT_EVALUATED] = "store",
	    [ATTEMPT_CONFINED] = "confine",
	    [ATTEMPT_LIFETIME] = "lifetime",
	};
	struct login *login = arg;

	if (trouble(login, STEPS[stage], rc) != ERR_OK)
		return;
	switch (stage) {
	case ATTEMPT_EVALUATED:
		show_tests(login);
		if (login->told == TOLD_UNKNOWN &&
		    login->outcome.record.from_count > 0)
			steps_add_unseen(&login->steps, "address",
			    "whether it tells PAM this address");
		break;
	case ATTEMPT_CONFINED:
		steps_add(&login->steps, "confine", OUTCOME_PASSED,
		    "the session %s confined",
		    login->outcome.confine == CONFINE_NEVER ? "is not"
							    : "can be");
		break;
	case ATTEMPT_LIFETIME:
		show_lifetime(login);
		break;
	}
}

/* Checks confine= for the program named like the service, if there is one. */
static enum err
check_confine(const struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct config *config,
    struct error *why)
{
	char program[PATH_MAX];

	if (!pamconf_find_program(attempt->service, program))
		return ERR_OK;
	return confine_check_program(config, program, outcome->confine, why);
}

static enum err
look_for_handoffs(struct login *login)
{
	int dir = -1;
	enum err rc = rundir_open(
	    &dir, RUNDIR, RUNDIR_HANDOFF, RUNDIR_LOOK, &login->why);

	if (dir >= 0)
		(void)close(dir);
	if (rc != ERR_MISSING)
		return trouble(login, "handoff", rc);
	login->why.text[0] = '\0';
	return ERR_OK;
}

/* What the session finds, after an accepted login. */
static enum err
look_at_sessions(struct login *login)
{
	char text[SESSION_LIMIT_TEXT_SIZE];
	struct session_limit limit;
	enum err rc = session_limit_look(&limit, &login->outcome.verdict,
	    &login->outcome.record, &login->why);

	if (rc != ERR_OK)
		return trouble(login, "sessions", rc);
	if (!limit.is_known)
		return ERR_OK;
	session_limit_text(&limit, text);
	if (own_lines_find(&login->stack, PAMLINE_SESSION) == NULL) {
		steps_add(&login->steps, "sessions", OUTCOME_PASSED,
		    "%s; pam_apitoken is not in session here: not counted",
		    text);
		return ERR_OK;
	}
	login->is_full = session_limit_is_full(&limit);
	steps_add(&login->steps, "sessions",
	    login->is_full ? OUTCOME_FAILED : OUTCOME_PASSED, "%s", text);
	return ERR_OK;
}

/* The module's own part. Anything but ERR_OK is trouble. */
static enum err
try_token(struct login *login)
{
	const struct attempt_host host = {
	    .run = RUNDIR,
	    .check_confine = check_confine,
	    .see = show_stage,
	    .arg = login,
	};
	const struct config *config = &login->setup.config;
	enum err rc = login_door(&login->steps, &login->attempt,
	    &login->context->config, &login->is_outside, &login->why);

	if (rc == ERR_OK)
		rc = read_line(login);
	if (rc == ERR_OK)
		rc = trouble(
		    login, "store", login_store_look(config, &login->why));
	if (rc != ERR_OK)
		return rc;
	login->told = login_address(&login->steps, &login->attempt);
	rc = attempt_run(
	    &login->outcome, &login->attempt, config, &host, &login->why);
	if (rc == ERR_OK && login->outcome.verdict.accepted)
		rc = look_for_handoffs(login);
	if (rc == ERR_OK && login->outcome.verdict.accepted)
		rc = look_at_sessions(login);
	return rc;
}

static void
set_log_of_session(struct login *login)
{
	struct attempt attempt = login->attempt;
	struct log_line line;

	attempt.hook = "session";
	line = attempt_log_refused(&attempt, MAX_SESSIONS_REASON, "");
	steps_set_log(&login->steps, line.text);
	steps_set_reason(&login->steps, MAX_SESSIONS_REASON);
}

static void
set_log(struct login *login, enum err rc)
{
	const struct verdict *verdict = &login->outcome.verdict;
	struct log_line line = attempt_log_verdict(
	    &login->attempt, rc, verdict, &login->why);

	steps_set_log(&login->steps, line.text);
	if (rc != ERR_OK)
		steps_set_reason(&login->steps, "trouble");
	else if (!verdict->accepted)
		steps_set_reason(&login->steps, verdict_reason(verdict));
}

static void
show_stack(struct login *login)
{
	if (!login->stack.has_file)
		steps_add(&login->steps, "stack", OUTCOME_FAILED,
		    "there is no /etc/pam.d/%s", login->attempt.service);
	else if (login->line == NULL)
		steps_add(&login->steps, "stack", OUTCOME_FAILED,
		    "pam_apitoken is not in auth of %s", login->stack.file);
	else
		steps_add(&login->steps, "stack", OUTCOME_PASSED, "%s",
		    login->stack.file);
}

static enum err
examine(struct login *login)
{
	const char *service = login->attempt.service;
	int own = PAM_AUTH_ERR;
	char why[VERDICT_TEXT_DETAIL_SIZE];
	enum err rc = pamstack_read(
	    &login->stack, service, NULL, &login->context->error);

	if (rc != ERR_OK)
		return rc;
	modules_note_missing(&login->stack);
	login->line = own_lines_find(&login->stack, PAMLINE_AUTH);
	show_stack(login);
	if (login->line != NULL && login->line->is_missing) {
		steps_add(&login->steps, "module", OUTCOME_FAILED,
		    "%s: not installed", login->line->line.path);
		own = PAM_MODULE_UNKNOWN;
	} else if (login->line != NULL &&
	    !token_has_shape(login->attempt.text)) {
		token_fault_text(why, sizeof(why), login->attempt.text);
		steps_add(&login->steps, "form", OUTCOME_FAILED,
		    "not the shape of a token (%s): left to the password "
		    "modules",
		    why);
	} else if (login->line != NULL) {
		rc = try_token(login);
		own = rc == ERR_OK && login->outcome.verdict.accepted
		    ? PAM_SUCCESS
		    : PAM_PERM_DENIED;
		set_log(login, rc);
		if (login->is_full)
			set_log_of_session(login);
	}
	login->steps.accepted = login_stacks(&login->steps, &login->stack,
				    login->attempt.user, login->context->now,
				    own) &&
	    own == PAM_SUCCESS && login->asks && !login->is_full;
	if (!login->asks)
		steps_set_reason(&login->steps, "not-looked-at");
	if (!login->steps.accepted && login->steps.reason[0] == '\0')
		steps_set_reason(&login->steps,
		    own == PAM_SUCCESS ? "the-stack" : "not-looked-at");
	return ERR_OK;
}

/* text is the token. */
static enum err
try_text(struct login *login, const struct args *args, const char *user,
    const char *service, const char *text)
{
	login->attempt = (struct attempt){
	    .hook = "auth",
	    .id = login->id,
	    .text = text,
	    .user = user,
	    .service = service,
	    .from = args_get(args, "from"),
	    .now = login->context->now,
	};
	verdict_fail(&login->outcome.verdict, LOGIN_TEST_FORM);
	(void)token_parse(text, login->id);
	return examine(login);
}

enum err
doctor_login(struct context *context, const struct args *args, const char *user,
    const char *service)
{
	struct login *login = calloc(1, sizeof(*login));
	char text[1024];
	enum err rc;

	if (login == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	login->context = context;
	/* Before reading the token, which a child could inherit. */
	rc = login_host(&login->asks, &login->steps, context, user, service,
	    args_get(args, "from"));
	if (rc == ERR_OK)
		rc = secret_read(text, sizeof(text), &context->error);
	if (rc == ERR_OK)
		rc = try_text(login, args, user, service, text);
	crypto_wipe(text, sizeof(text));
	if (rc == ERR_OK && !args_has(args, "quiet"))
		rc = steps_print(
		    &login->steps, args_has(args, "json"), &context->error);
	if (rc == ERR_OK && !steps_are_accepted(&login->steps))
		rc = error_shown(&context->error);
	pamstack_free(&login->stack);
	setup_free(&login->setup);
	free(login);
	return rc;
}
