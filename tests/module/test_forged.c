/*
 * What a user, an earlier login, or a careless administrator may have done to
 * record and proof before the session is opened. None of it turns no token into
 * a token, one token into another, or a token into no token.
 */
#include <string.h>
#include <unistd.h>

#include "forgery.h"

static void
expect_nothing_left(struct host *host)
{
	assert_null(forked_proof(host));
	assert_int_equal(access(forked_record(host, &forgery_self), F_OK), -1);
}

/* Refused for good, even if things look better later. */
static void
expect_refused(struct host *host)
{
	assert_int_equal(host_setcred(host), PAM_PERM_DENIED);
	assert_null(pam_getenv(host->pamh, "APITOKEN_ID"));
	expect_nothing_left(host);
	assert_int_equal(host_open_session(host), PAM_SESSION_ERR);
	forked_put_record(host, &forgery_sent, &forgery_self);
	forked_put_proof(host, &forgery_sent, &forgery_self);
	assert_int_equal(host_setcred(host), PAM_PERM_DENIED);
	assert_int_equal(host_open_session(host), PAM_SESSION_ERR);
	assert_int_equal(host_close_session(host), PAM_SESSION_ERR);
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
}

/* No token of ours, now or later. */
static void
expect_none(struct host *host)
{
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	expect_nothing_left(host);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	forked_put_record(host, &forgery_sent, &forgery_self);
	forked_put_proof(host, &forgery_sent, &forgery_self);
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	assert_int_equal(host_close_session(host), PAM_SUCCESS);
	assert_null(pam_getenv(host->pamh, "APITOKEN_ID"));
	assert_int_equal(unlink(forked_record(host, &forgery_self)), 0);
}

static void
expect_accepted(struct host *host)
{
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_string_equal(
	    pam_getenv(host->pamh, "APITOKEN_ID"), forgery_sent.id);
	expect_nothing_left(host);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
}

static void
test_untouched(void **state)
{
	struct host *host = *state;
	char text[TOKEN_LEN + 1];

	forgery_start(host);
	/* The session hook looks up the token once more. */
	host_issue(host, text, NULL);
	(void)token_parse(text, forgery_sent.id);
	forked_put_record(host, &forgery_sent, &forgery_self);
	expect_accepted(host);
}

static void
test_changed(void **state)
{
	struct host *host = *state;
	const struct forgery *forgery;

	for (forgery = FORGERIES; forgery->name != NULL; forgery++) {
		print_message("# %s\n", forgery->name);
		forgery_start(host);
		forgery->make(host);
		expect_refused(host);
	}
}

/* Without a record, what is not for this process is ignored. */
static void
test_forged_alone(void **state)
{
	struct host *host = *state;
	const struct forgery *forgery;

	for (forgery = FORGERIES; forgery->name != NULL; forgery++) {
		if (!forgery->of_proof)
			continue;
		print_message("# %s\n", forgery->name);
		forgery_start(host);
		forgery->make(host);
		forgery_record_gone(host);
		expect_none(host);
	}
}

/* Everything, except for a process that had our pid before. */
static void
test_pid_used_again(void **state)
{
	struct host *host = *state;
	struct process other;

	forgery_start(host);
	other = (struct process){forgery_self.pid, forgery_self.start - 1};
	forgery_record_gone(host);
	forked_put_record(host, &forgery_sent, &other);
	forked_put_proof(host, &forgery_sent, &other);
	expect_none(host);
}

static void
break_config(struct host *host)
{
	host_write_config(host, "nonsense\n");
}

static void
break_options(struct host *host)
{
	host_write_stack(host, "nonsense");
}

static void
lose_key(struct host *host)
{
	assert_int_equal(unlink(scratch_key(host->scratch)), 0);
}

static void
replace_key(struct host *host)
{
	static const uint8_t OTHER[CRYPTO_KEY_LEN] = {7};

	scratch_write(scratch_key(host->scratch), OTHER, sizeof(OTHER), 0600);
}

static void
expect_trouble(struct host *host)
{
	assert_int_equal(host_setcred(host), PAM_PERM_DENIED);
	assert_int_equal(host_open_session(host), PAM_SESSION_ERR);
	expect_nothing_left(host);
}

/* What remains of a hand-off that can no longer be judged. */
static void
expect_trouble_with(struct host *host, void (*trouble)(struct host *host))
{
	forgery_start(host);
	trouble(host);
	/* The stack is read when a transaction starts. */
	host_start(host, ALICE, NULL);
	forgery_proof_made_up(host);
	expect_trouble(host);
}

/*
 * Without the key, nothing can be told from a forgery: what looks like ours is
 * refused, and a login without any of it is left alone.
 */
static void
test_trouble(void **state)
{
	static void (*const TROUBLES[])(struct host *) = {
	    break_config, break_options, replace_key, lose_key};
	struct host *host = *state;

	for (size_t i = 0; i < COUNT_OF(TROUBLES); i++) {
		print_message("# trouble %zu\n", i);
		expect_trouble_with(host, TROUBLES[i]);
		host_start(host, ALICE, NULL);
		forgery_proof_made_up(host);
		if (TROUBLES[i] != replace_key)
			expect_trouble(host);
		host_start(host, ALICE, NULL);
		forked_putenv(host, "APITOKEN_HANDOFF=nonsense");
		assert_int_equal(host_setcred(host), PAM_IGNORE);
		assert_int_equal(host_open_session(host), PAM_SUCCESS);
		assert_null(forked_proof(host));
		host_write_stack(host, "");
		host_write_config(host, "");
	}
}

#define HOST_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    HOST_TEST(test_untouched),
	    HOST_TEST(test_changed),
	    HOST_TEST(test_forged_alone),
	    HOST_TEST(test_pid_used_again),
	    HOST_TEST(test_trouble),
	};

	return unit_run(TESTS);
}
