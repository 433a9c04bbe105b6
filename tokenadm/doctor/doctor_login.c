/* doctor --login: what a login with the token would come to, and why. */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/secret.h"
#include "cli/token_fault.h"
#include "cli/verdict_text.h"
#include "doctor/doctor.h"
#include "doctor/login_address.h"
#include "doctor/login_host.h"
#include "doctor/login_stacks.h"
#include "doctor/login_steps.h"
#include "doctor/login_store.h"
#include "doctor/stack_advice.h"
#include "lifecycle/until_logout.h"
#include "login/login_line.h"
#include "pam/pam_modules.h"
#include "pam/pamconf.h"
#include "pam_apitoken/confine_hook.h"
#include "pam_apitoken/result.h"
#include "session/rundir.h"
#include "store/store.h"

struct login {
	struct context *context;
	struct steps steps;
	bool asks; /* the host does ask PAM */
	struct pamstack stack;
	const struct pamstack_entry *line; /* of auth; NULL: none */
	struct module_options options;
	struct config config; /* that of the line */
	char id[TOKEN_ID_LEN + 1];
	char need[MODULE_OPTIONS_NEED_SIZE];
	struct candidate candidate;
	struct verdict verdict;
	struct record record;
	struct error why;
};

/* Fails a step: it is trouble, and the text of why goes to the log. */
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
	bool confines;
	enum err rc = module_options_parse(
	    &login->options, line->line.argc, line->line.argv, &login->why);

	if (rc != ERR_OK)
		return trouble(login, "line", rc);
	rc = config_read(&login->config, login->options.config, &login->why);
	if (rc != ERR_OK)
		return trouble(login, "config", rc);
	strcpy(login->need, login->options.need);
	confines = login->options.confine != CONFINE_NEVER;
	confine_need(&login->config, login->candidate.request.service,
	    login->options.confine, login->need);
	login->candidate.request.need = login->need;
	steps_add(&login->steps, "line", OUTCOME_PASSED, "%s:%zu needs %s%s%s",
	    line->file, line->number, login->need, confines ? ", " : "",
	    confines ? confine_mode_text(login->options.confine) : "");
	steps_add(&login->steps, "config", OUTCOME_PASSED, "%s",
	    config_file_name(login->options.config));
	return ERR_OK;
}

static void
show_checks(struct login *login)
{
	for (unsigned i = 0; i < LOGIN_TEST_COUNT; i++) {
		char detail[VERDICT_TEXT_DETAIL_SIZE];
		enum login_test check = (enum login_test)i;

		verdict_text_detail(detail, check, &login->verdict,
		    &login->record, &login->candidate);
		/* What is no token is asked nothing else. */
		if (i > LOGIN_TEST_FORM &&
		    login->verdict.outcome[LOGIN_TEST_FORM] == OUTCOME_FAILED)
			return;
		steps_add(&login->steps, verdict_test_name(check),
		    login->verdict.outcome[i], "%s", detail);
	}
}

static enum err
judge_confinement(struct login *login)
{
	enum confine_mode mode;
	char program[PATH_MAX];
	const char *service = login->candidate.request.service;
	enum err rc = confine_hook_decide(&mode, &login->config,
	    login->options.confine, service, &login->record, &login->why);

	if (rc == ERR_OK && mode != CONFINE_NEVER &&
	    pamconf_find_program(service, program))
		rc = confine_check_program(
		    &login->config, program, mode, &login->why);
	if (rc == ERR_OK)
		steps_add(&login->steps, "confine", OUTCOME_PASSED,
		    "the session %s confined",
		    mode == CONFINE_NEVER ? "is not" : "can be");
	return trouble(login, "confine", rc);
}

/* What it would do to the token, and does not here. */
static enum err
judge_lifetime(struct login *login)
{
	const char *again = service_facts_asks_again(
	    login->candidate.request.service);
	bool over = false;
	enum err rc = until_logout_is_over(
	    RUNDIR, &login->record, &over, &login->why);

	if (rc != ERR_OK)
		return trouble(login, "lifetime", rc);
	if (over) {
		verdict_end(&login->verdict);
		steps_add(&login->steps, "lifetime", OUTCOME_FAILED,
		    "its session is over");
	} else if (login->record.lifetime == RECORD_ONCE) {
		steps_add(&login->steps, "lifetime", OUTCOME_PASSED,
		    "a login would use it up%s%s",
		    again != NULL ? "; it is asked for again " : "",
		    again != NULL ? again : "");
	}
	return ERR_OK;
}

static enum err
judge_handoff(struct login *login)
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

/* The module's own part. What it returns but ERR_OK is trouble. */
static enum err
judge_token(struct login *login)
{
	enum told_address told;
	enum err rc = ERR_OK;

	/* As the module says it. */
	if (pamconf_is_set_uid(login->candidate.request.service))
		rc = trouble(login, "host",
		    error_set(&login->why, ERR_CONFIG,
			"a set-uid program cannot take tokens"));
	if (rc == ERR_OK)
		rc = read_line(login);
	if (rc == ERR_OK)
		rc = trouble(login, "store",
		    login_store_look(&login->config, &login->why));
	if (rc != ERR_OK)
		return rc;
	told = login_address(&login->steps, &login->candidate.request);
	login->candidate.deadline = store_deadline(&login->config);
	rc = judge(&login->verdict, &login->record, &login->config,
	    &login->candidate, &login->why);
	if (rc != ERR_OK)
		return trouble(login, "store", rc);
	show_checks(login);
	if (told == TOLD_UNKNOWN && login->record.from_count > 0)
		login->steps.doubt = "if it tells PAM this address";
	if (login->verdict.accepted)
		rc = judge_confinement(login);
	if (rc == ERR_OK && login->verdict.accepted)
		rc = judge_lifetime(login);
	if (rc == ERR_OK && login->verdict.accepted)
		rc = judge_handoff(login);
	return rc;
}

static void
set_log(struct login *login, enum err rc)
{
	const struct subject subject = {
	    .hook = "auth",
	    .id = login->id,
	    .user = login->candidate.user,
	    .service = login->candidate.request.service,
	    .from = login->candidate.request.from,
	};
	struct log_line line = rc != ERR_OK
	    ? login_line_refused(&subject, "trouble", login->why.text)
	    : login->verdict.accepted
	    ? login_line_begin(&subject, "accepted")
	    : login_line_refused(&subject, verdict_reason(&login->verdict), "");

	steps_set_log(&login->steps, line.text);
	if (rc != ERR_OK)
		steps_set_reason(&login->steps, "trouble");
	else if (!login->verdict.accepted)
		steps_set_reason(
		    &login->steps, verdict_reason(&login->verdict));
}

static enum err
examine(struct login *login)
{
	const char *service = login->candidate.request.service;
	int own = PAM_AUTH_ERR;
	char why[VERDICT_TEXT_DETAIL_SIZE];
	enum err rc = pamstack_read(
	    &login->stack, service, NULL, &login->context->error);

	if (rc != ERR_OK)
		return rc;
	modules_note_missing(&login->stack);
	login->line = own_lines_find(&login->stack, PAMLINE_AUTH);
	if (!login->stack.has_file)
		steps_add(&login->steps, "stack", OUTCOME_FAILED,
		    "there is no /etc/pam.d/%s", service);
	else if (login->line == NULL)
		steps_add(&login->steps, "stack", OUTCOME_FAILED,
		    "pam_apitoken is not in auth of %s", login->stack.file);
	else
		steps_add(&login->steps, "stack", OUTCOME_PASSED, "%s",
		    login->stack.file);
	if (login->line != NULL && login->line->is_missing) {
		steps_add(&login->steps, "module", OUTCOME_FAILED,
		    "%s: not installed", login->line->line.path);
		own = PAM_MODULE_UNKNOWN;
	} else if (login->line != NULL &&
	    !token_has_shape(login->candidate.text)) {
		token_fault_text(why, sizeof(why), login->candidate.text);
		steps_add(&login->steps, "form", OUTCOME_FAILED,
		    "not the shape of a token (%s): left to the password "
		    "modules",
		    why);
	} else if (login->line != NULL) {
		rc = judge_token(login);
		own = result_of_authenticate(rc, &login->verdict);
		set_log(login, rc);
	}
	login->steps.accepted = login_stacks(&login->steps, &login->stack,
				    login->candidate.user, login->context->now,
				    own) &&
	    own == PAM_SUCCESS && login->asks;
	if (!login->asks)
		steps_set_reason(&login->steps, "not-looked-at");
	if (!login->steps.accepted && login->steps.reason[0] == '\0')
		steps_set_reason(&login->steps,
		    own == PAM_SUCCESS ? "the-stack" : "not-looked-at");
	return ERR_OK;
}

/* With the token in text. */
static enum err
judge_text(struct login *login, const struct args *args, const char *user,
    const char *service, const char *text)
{
	login->candidate = (struct candidate){
	    .id = login->id,
	    .text = text,
	    .user = user,
	    .request =
		{
		    .service = service,
		    .from = args_get(args, "from"),
		    .now = login->context->now,
		},
	};
	verdict_fail(&login->verdict, LOGIN_TEST_FORM);
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
	/* Before there is a token that a child could inherit. */
	rc = login_host(&login->asks, &login->steps, context, user, service,
	    args_get(args, "from"));
	if (rc == ERR_OK)
		rc = secret_read(text, sizeof(text), &context->error);
	if (rc == ERR_OK)
		rc = judge_text(login, args, user, service, text);
	crypto_wipe(text, sizeof(text));
	if (rc == ERR_OK)
		rc = steps_print(
		    &login->steps, args_has(args, "json"), &context->error);
	if (rc == ERR_OK && !login->steps.accepted) {
		/* It has been shown in full. */
		context->error.text[0] = '\0';
		rc = ERR_REFUSED;
	}
	pamstack_free(&login->stack);
	config_free(&login->config);
	free(login);
	return rc;
}
