#include "login_impl.h"

#include "arrival.h"
#include "faults.h"
#include "fuzz.h"
#include "pam_apitoken/handoff_exchange.h"
#include "pam_apitoken/login_state.h"

/*
 * A token that ends with its session: it has ended, or the session is still
 * listed, so that the next look at the list ends it.
 */
static void
check_ended(unsigned token, const struct process *lister)
{
	struct record record;

	if (!machine_record(token, &record) ||
	    record.lifetime != RECORD_UNTIL_LOGOUT)
		return;
	FUZZ_REQUIRE(record.state != RECORD_ACTIVE ||
	    machine.now >= record.expires || machine_is_listed(token, lister));
}

/* What is pinned of the session, as it was before a hook. */
struct before {
	enum login_memory state;
	bool is_listed;
	struct process lister;
	uint64_t host, confined;
	bool is_prepared;
};

static struct before
look_before(const struct login *login)
{
	const struct login_state *pinned = login->pamh.data;
	struct before before = {.state = login->model.state};

	if (pinned == NULL)
		return before;
	before.is_listed = pinned->is_listed;
	before.lister = pinned->session.process;
	before.host = (uint64_t)pinned->host;
	before.confined = pinned->confinement.own.inode;
	before.is_prepared = pinned->confinement.session.inode != 0;
	return before;
}

/* Whether this hook must confine this process. */
static bool
has_to_confine(const struct login *login, const struct login_call *call,
    const struct before *before)
{
	if (login->model.confine == CONFINE_PROCESS ||
	    (login->model.confine == CONFINE_CHILD &&
		call->hook == LOGIN_OPEN_SESSION))
		return true;
	return login->model.confine == CONFINE_CHILD &&
	    call->hook == LOGIN_SETCRED && before->host != 0 &&
	    before->host != machine.self.pid;
}

/* What confinement must result in, in a hook that opens. */
static enum answer
answer_of_confining(const struct login *login, const struct login_call *call,
    const struct before *before)
{
	enum confine_mode mode = login->model.confine;
	unsigned config = truth_config(call->line);

	if (call->line->valid == ANSWER_EITHER)
		return ANSWER_EITHER;
	if (mode != CONFINE_NEVER && mode != call->line->confine)
		return ANSWER_REFUSE;
	if (!has_to_confine(login, call, before) ||
	    before->confined == machine.self.pid)
		return ANSWER_ACCEPT;
	/* Everything that must be known was known when it was made. */
	if (login->model.confine == CONFINE_CHILD &&
	    call->hook == LOGIN_SETCRED && before->is_prepared)
		return ANSWER_ACCEPT;
	if (config == MACHINE_CONFIG_BAD || config == MACHINE_CONFIG_MISSING ||
	    machine.cannot_confine)
		return ANSWER_REFUSE;
	/* The account's entry must be found. */
	return machine.account == 0 ? ANSWER_ACCEPT : ANSWER_EITHER;
}

/* One too many is refused, before it is listed. */
static enum answer
answer_of_counting(unsigned token)
{
	struct record record;

	return !machine_record(token, &record) || record.max_sessions == 0 ||
		machine_live_sessions(token) < record.max_sessions
	    ? ANSWER_ACCEPT
	    : ANSWER_REFUSE;
}

/* The result of a token's hook after authenticate and account. */
static enum answer
answer_of_later(const struct login *login, const struct login_call *call,
    const struct before *before)
{
	const struct login_model *model = &login->model;
	struct truth_claim claim = login_claim(login, call);
	enum answer answer = call->line->valid;
	bool lists = call->hook == LOGIN_OPEN_SESSION ||
	    (call->hook == LOGIN_SETCRED &&
		(model->confine == CONFINE_PROCESS ||
		    truth_ends_with_session(&claim)));

	if (model->state != LOGIN_TOKEN ||
	    !fakepam_same(&model->user, &login->pamh.user))
		return ANSWER_REFUSE;
	if (lists && !before->is_listed) {
		answer = truth_both(answer, truth_of(&claim));
		answer = truth_both(answer, answer_of_counting(claim.token));
	}
	if (call->hook == LOGIN_SETCRED || call->hook == LOGIN_OPEN_SESSION)
		answer = truth_both(
		    answer, answer_of_confining(login, call, before));
	return answer;
}

/* A hook of a session without a token, or where that is unknown. */
static void
judge_uncertain(struct login *login, const struct login_expected *expected,
    int none, bool is_known, int code)
{
	bool is_token;

	login_follow(login);
	is_token = login->model.state == LOGIN_TOKEN;
	FUZZ_REQUIRE(code == none || code == PAM_SUCCESS ||
	    code == expected->refused || code == LOGIN_ENDED);
	FUZZ_REQUIRE(code != PAM_SUCCESS || none == PAM_SUCCESS || is_token);
	FUZZ_REQUIRE(code != PAM_SUCCESS || !is_known || !is_token ||
	    expected->answer != ANSWER_REFUSE);
}

void
login_later(
    struct login *login, const struct login_call *call, int none, int refused)
{
	bool opens = call->hook == LOGIN_SETCRED ||
	    call->hook == LOGIN_OPEN_SESSION;
	struct login_model *model = &login->model;
	struct login_expected expected = {ANSWER_REFUSE, PAM_SUCCESS, refused};
	bool settles = model->state == LOGIN_OPEN && opens;
	enum arrival arrival = ARRIVAL_NONE;
	struct before before;
	int code;

	if (settles)
		arrival = arrival_expect(model, login, call->line);
	before = look_before(login);
	/* sudo goes on after any other: see session_hooks.c. */
	if (call->hook == LOGIN_OPEN_SESSION && machine.is_setuid)
		expected.refused = PAM_PERM_DENIED;
	expected.answer = answer_of_later(login, call, &before);
	code = login_run(login, call);
	if (arrival == ARRIVAL_UNKNOWN ||
	    (faults_happened() &&
		(arrival == ARRIVAL_KNOWN || before.state == LOGIN_TOKEN ||
		    before.state == LOGIN_REFUSED))) {
		judge_uncertain(
		    login, &expected, none, arrival != ARRIVAL_UNKNOWN, code);
	} else if (before.state == LOGIN_OPEN || before.state == LOGIN_NONE) {
		FUZZ_REQUIRE(code == none);
	} else if (!login_is_accepted(&expected, code)) {
		model->state = LOGIN_REFUSED;
	}
	if (opens && code == PAM_SUCCESS && model->state == LOGIN_TOKEN &&
	    has_to_confine(login, call, &before))
		FUZZ_REQUIRE(machine.confined == machine.self.pid ||
		    before.confined == machine.self.pid);
	/* The child of sshd continues with a session that setcred refuses. */
	FUZZ_REQUIRE((code == LOGIN_ENDED) ==
	    (call->hook == LOGIN_SETCRED && before.host != 0 &&
		before.host != machine.self.pid && code != PAM_SUCCESS &&
		code != none));
	/* What was handed over is used once. */
	FUZZ_REQUIRE(!settles || faults_happened() ||
	    fakepam_getenv(&login->pamh, HANDOFF_EXCHANGE_VARIABLE) == NULL);
	/* A line may name another store: the administrator's decision. */
	if (call->hook == LOGIN_CLOSE_SESSION && before.is_listed &&
	    (call->line->valid == ANSWER_REFUSE ||
		truth_config(call->line) == MACHINE_CONFIG_GOOD))
		check_ended(model->token, &before.lister);
}
