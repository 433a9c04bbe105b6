#include "login.h"

#include <inttypes.h>
#include <poll.h>
#include <setjmp.h>
#include <string.h>

#include "arrival.h"
#include "faults.h"
#include "fuzz.h"
#include "log_check.h"
#include "login_impl.h"
#include "pam_apitoken/hooks.h"
#include "pam_apitoken/login_state.h"

#define FAIL_DELAY 2000000

/* Whether the last hook has ended its process, and where to jump then. */
static bool has_ended;
static jmp_buf end;

void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));
enum err __real_config_read(
    struct config *config, const char *path, struct error *error);
enum err __wrap_config_read(
    struct config *config, const char *path, struct error *error);
void __real_config_free(struct config *config);
void __wrap_config_free(struct config *config);

/* The tokens that this connection was accepted with. */
static bool was_accepted[MACHINE_TOKENS];

void
login_reset(void)
{
	memset(was_accepted, 0, sizeof(was_accepted));
	arrival_reset();
}

static const char *
text_of(const struct fakepam_item *item)
{
	return item->is_set ? item->text : NULL;
}

/* Which descriptors are open, one bit each. */
static uint32_t
open_descriptors(void)
{
	struct pollfd fds[32];
	uint32_t open = 0;

	for (unsigned i = 0; i < COUNT_OF(fds); i++)
		fds[i] = (struct pollfd){.fd = (int)i};
	FUZZ_REQUIRE(poll(fds, COUNT_OF(fds), 0) >= 0);
	for (unsigned i = 0; i < COUNT_OF(fds); i++)
		open |= (uint32_t)((fds[i].revents & POLLNVAL) == 0) << i;
	return open;
}

static int
dispatch(struct login *login, enum login_hook hook, int count,
    const char **arguments)
{
	pam_handle_t *pamh = &login->pamh;

	switch (hook) {
	case LOGIN_AUTHENTICATE:
		return pam_sm_authenticate(pamh, 0, count, arguments);
	case LOGIN_ACCOUNT:
		return pam_sm_acct_mgmt(pamh, 0, count, arguments);
	case LOGIN_SETCRED:
		return pam_sm_setcred(
		    pamh, PAM_ESTABLISH_CRED, count, arguments);
	case LOGIN_DELETE_CRED:
		return pam_sm_setcred(pamh, PAM_DELETE_CRED, count, arguments);
	case LOGIN_OPEN_SESSION:
		return pam_sm_open_session(pamh, 0, count, arguments);
	case LOGIN_CLOSE_SESSION:
		return pam_sm_close_session(pamh, 0, count, arguments);
	}
	return PAM_SYSTEM_ERR;
}

/* What a process that ends need not free, but the next input would miss. */
static struct config *unfreed;

enum err
__wrap_config_read(struct config *config, const char *path, struct error *why)
{
	enum err rc = __real_config_read(config, path, why);

	if (rc == ERR_OK && faults_inside())
		unfreed = config;
	return rc;
}

void
__wrap_config_free(struct config *config)
{
	if (config == unfreed)
		unfreed = NULL;
	__real_config_free(config);
}

/* The module ends a process only if it could not confine it. */
void
__wrap__exit(int status)
{
	if (!faults_inside())
		__real__exit(status);
	if (unfreed != NULL)
		__wrap_config_free(unfreed);
	longjmp(end, 1);
}

/* Puts the arguments together and calls the hook. */
int
login_run(struct login *login, const struct login_call *call)
{
	const struct truth_line *line = call->line;
	const char *arguments[6];
	uint32_t descriptors = open_descriptors();
	int count = 0;
	volatile int code = LOGIN_ENDED;

	for (unsigned i = 0;; i++) {
		if (line->config >= 0 && i == line->config_at)
			arguments[count++] =
			    machine_config_option[line->config];
		if (line->words[i] == NULL)
			break;
		arguments[count++] = line->words[i];
	}
	if (line->valid == ANSWER_EITHER)
		arguments[count++] = call->raw;
	has_ended = setjmp(end) != 0;
	if (!has_ended) {
		faults_enter();
		code = dispatch(login, call->hook, count, arguments);
	}
	faults_leave();
	FUZZ_REQUIRE(open_descriptors() == descriptors);
	fuzz_trace("pid %" PRIu64 ", hook %d: %d", machine.self.pid,
	    (int)call->hook, code);
	return code;
}

/* What is pinned, in terms of the model. */
enum login_memory
login_remembered(const struct pam_handle *pamh)
{
	static const enum login_memory STATES[] = {
	    [LOGIN_STATE_NONE] = LOGIN_NONE,
	    [LOGIN_STATE_TOKEN] = LOGIN_TOKEN,
	    [LOGIN_STATE_REFUSED] = LOGIN_REFUSED,
	};
	const struct login_state *pinned = pamh->data;

	return pinned == NULL ? LOGIN_OPEN : STATES[pinned->state];
}

/*
 * After a call with two possible results: takes over what is pinned, which must
 * be no token or one that was accepted.
 */
void
login_follow(struct login *login)
{
	const struct login_state *pinned = login->pamh.data;
	struct login_model *model = &login->model;
	const char *id;

	model->state = login_remembered(&login->pamh);
	if (model->state != LOGIN_TOKEN)
		return;
	id = pinned->handoff.id;
	for (model->token = 0; model->token < MACHINE_TOKENS; model->token++) {
		if (strcmp(machine_tokens[model->token].id, id) == 0)
			break;
	}
	FUZZ_REQUIRE(model->token < MACHINE_TOKENS);
	FUZZ_REQUIRE(was_accepted[model->token]);
	fakepam_set(&model->user, pinned->handoff.user);
	fakepam_set(&model->service, pinned->handoff.service);
	model->need = TRUTH_NOT_KNOWN;
	model->confine = pinned->handoff.confine;
	strcpy(model->ticket, pinned->handoff.ticket);
}

bool
login_is_accepted(const struct login_expected *expected, int code)
{
	if (code == expected->accepted) {
		FUZZ_REQUIRE(expected->answer != ANSWER_REFUSE);
		return true;
	}
	/* With trouble, it is not known that an account has expired. */
	FUZZ_REQUIRE(code == expected->refused || code == LOGIN_ENDED ||
	    (code == PAM_PERM_DENIED && faults_happened() &&
		expected->refused == PAM_ACCT_EXPIRED) ||
	    (code == PAM_ACCT_EXPIRED && expected->answer == ANSWER_EITHER &&
		expected->refused == PAM_PERM_DENIED));
	FUZZ_REQUIRE(expected->answer != ANSWER_ACCEPT || faults_happened());
	return false;
}

struct truth_claim
login_claim(const struct login *login, const struct login_call *call)
{
	const struct pam_handle *pamh = &login->pamh;
	const struct login_model *model = &login->model;

	return (struct truth_claim){
	    .token = model->token,
	    .user = text_of(&pamh->user),
	    .service = text_of(&pamh->service),
	    .from = text_of(&pamh->rhost),
	    .line = call->line,
	    .need = model->need,
	    .ticket = model->ticket,
	};
}

/* The model of an accepted token. */
static void
pin(struct login *login, const struct login_call *call,
    const struct truth_claim *claim)
{
	struct login_model *model = &login->model;
	struct record record;

	*model = (struct login_model){
	    .state = LOGIN_TOKEN,
	    .token = call->password->token,
	    .user = login->pamh.user,
	    .service = login->pamh.service,
	    .need = truth_need(claim),
	    .confine = truth_confine(claim),
	};
	if (machine_record(model->token, &record))
		strcpy(model->ticket, record.ticket);
	was_accepted[model->token] = true;
	if (call->line->valid == ANSWER_EITHER)
		login_follow(login);
	arrival_capture(login);
}

static void
authenticate(struct login *login, const struct login_call *call)
{
	const struct login_password *password = call->password;
	struct truth_claim claim;
	struct login_expected expected = {
	    ANSWER_REFUSE, PAM_SUCCESS, PAM_PERM_DENIED};
	int code;

	login->pamh.password = password->item;
	login->pamh.delay = 0;
	claim = login_claim(login, call);
	claim.is_new = true;
	claim.ticket = "";
	claim.token = password->token;
	if (password->token != LOGIN_NO_TOKEN && !machine.is_setuid)
		expected.answer = truth_both(password->right, truth_of(&claim));
	code = login_run(login, call);
	FUZZ_REQUIRE(login->pamh.delay == FAIL_DELAY);
	login->model = (struct login_model){.state = LOGIN_OPEN};
	if (login->pamh.prompt_failed) {
		FUZZ_REQUIRE(code == PAM_AUTHINFO_UNAVAIL);
	} else if (!token_has_shape(password->item.text)) {
		FUZZ_REQUIRE(code == PAM_AUTH_ERR);
	} else if (login_is_accepted(&expected, code)) {
		pin(login, call, &claim);
	}
}

static void
account(struct login *login, const struct login_call *call)
{
	struct login_model *model = &login->model;
	struct truth_claim claim = login_claim(login, call);
	struct login_expected expected = {
	    ANSWER_REFUSE, PAM_SUCCESS, PAM_PERM_DENIED};
	bool same_user = fakepam_same(&model->user, &login->pamh.user);
	int code;

	if (model->state == LOGIN_OPEN || model->state == LOGIN_NONE) {
		FUZZ_REQUIRE(login_run(login, call) == PAM_IGNORE);
		return;
	}
	if (model->state == LOGIN_TOKEN && same_user) {
		expected.answer = truth_of(&claim);
		if (truth_is_disabled(&claim))
			expected.refused = PAM_ACCT_EXPIRED;
		/* After trouble, the pinned need is unknown. */
	}
	code = login_run(login, call);
	/* /etc/passwd lists alice, unless it could not be read. */
	if (code == PAM_IGNORE && faults_happened())
		code = PAM_SUCCESS;
	if (!login_is_accepted(&expected, code))
		model->state = LOGIN_REFUSED;
}

static void
check_variables(const struct pam_handle *pamh, const char *secret)
{
	for (unsigned i = 0; i < FAKEPAM_VARIABLES; i++)
		FUZZ_REQUIRE(pamh->variables[i] == NULL || secret == NULL ||
		    strstr(pamh->variables[i], secret) == NULL);
}

bool
login_call(struct login *login, const struct login_call *call)
{
	const struct login_password *password = call->password;
	const char *secret = password->token < MACHINE_TOKENS
	    ? machine_tokens[password->token].text + TOKEN_ID_LEN + 5
	    : NULL;

	log_check_secret(secret);
	switch (call->hook) {
	case LOGIN_AUTHENTICATE:
		authenticate(login, call);
		break;
	case LOGIN_ACCOUNT:
		account(login, call);
		break;
	case LOGIN_SETCRED:
	case LOGIN_DELETE_CRED:
		login_later(login, call, PAM_IGNORE, PAM_PERM_DENIED);
		break;
	case LOGIN_OPEN_SESSION:
	case LOGIN_CLOSE_SESSION:
		login_later(login, call, PAM_SUCCESS, PAM_SESSION_ERR);
		break;
	}
	log_check_secret(NULL);
	check_variables(&login->pamh, secret);
	if (faults_happened())
		login_follow(login);
	FUZZ_REQUIRE(login_remembered(&login->pamh) == login->model.state);
	return !has_ended;
}
