#include "door/door_message.h"

#include <string.h>

#include "lib/unit.h"

static const struct door_question FIRST = {
    .kind = DOOR_AUTHENTICATE,
    .user = "alice",
    .service = "nginx",
    .from = "192.0.2.1",
    .need = "read,write",
};
static const struct door_question AGAIN = {
    .kind = DOOR_ACCOUNT,
    .user = "alice",
    .service = "nginx",
    .need = "read",
    .id = "0123456789",
    .ticket = "abcdefghijklmnopqrstuvwxyz234567",
};
static const struct door_question OPENING = {
    .kind = DOOR_OPEN_SESSION,
    .user = "alice",
    .service = "su",
    .from = "2001:db8::1",
    .need = "read,write",
    .id = "0123456789",
    .name = "her B\xc3\xbcro",
    .tty = "pts/1",
    .is_shared = true,
    .limits_sessions = true,
    .lifetime = RECORD_UNTIL_LOGOUT,
    .before = {.is_known = true, .audit = 0xfffffffe, .scope = "session-1"},
};
static const struct door_question CLOSING = {
    .kind = DOOR_CLOSE_SESSION,
    .user = "alice",
    .service = "su",
    .need = "read",
    .id = "0123456789",
    .number = 0xfedcba98,
    .patience = 0x01020304,
};
static const struct door_answer ACCEPTED = {
    .kind = DOOR_ACCEPTED,
    .lifetime = RECORD_ONCE,
    .id = "0123456789",
    .name = "her B\xc3\xbcro",
    .scopes = "read",
    .ticket = "abcdefghijklmnopqrstuvwxyz234567",
    .expires = INT64_MAX,
    .limits_sessions = true,
};
static const struct door_answer OPENED = {
    .kind = DOOR_ACCEPTED,
    .is_listed = true,
    .number = 0x12345678,
};

static struct door_question
first(void)
{
	struct door_question question = FIRST;
	char id[TOKEN_ID_LEN + 1];

	assert_ok(token_make(question.text, id));
	return question;
}

/* Padding may differ, and behind the end of a text all is zero. */
static void
expect_same_question(const struct door_question *question)
{
	uint8_t bytes[DOOR_PACKET_MAX], again[DOOR_PACKET_MAX];
	size_t len = door_question_encode(question, bytes);
	struct door_question back;

	assert_in_range(len, 1, DOOR_PACKET_MAX);
	assert_ok(door_question_decode(&back, bytes, len));
	assert_int_equal(door_question_encode(&back, again), len);
	assert_memory_equal(bytes, again, len);
}

static void
expect_same_answer(const struct door_answer *answer)
{
	uint8_t bytes[DOOR_PACKET_MAX], again[DOOR_PACKET_MAX];
	size_t len = door_answer_encode(answer, bytes);
	struct door_answer back;

	assert_in_range(len, 1, DOOR_PACKET_MAX);
	assert_ok(door_answer_decode(&back, bytes, len));
	assert_int_equal(door_answer_encode(&back, again), len);
	assert_memory_equal(bytes, again, len);
}

/* What the encoder itself could have mixed up. */
static void
test_numbers_and_texts_have_their_places(void **state)
{
	uint8_t bytes[DOOR_PACKET_MAX];
	struct door_question question;
	struct door_answer answer;
	size_t len = door_question_encode(&OPENING, bytes);

	(void)state;
	assert_ok(door_question_decode(&question, bytes, len));
	assert_string_equal(question.name, OPENING.name);
	assert_string_equal(question.tty, OPENING.tty);
	assert_string_equal(question.before.scope, OPENING.before.scope);
	assert_true(question.before.audit == OPENING.before.audit);
	assert_true(question.is_shared && question.limits_sessions);
	assert_int_equal(question.lifetime, RECORD_UNTIL_LOGOUT);
	len = door_question_encode(&CLOSING, bytes);
	assert_ok(door_question_decode(&question, bytes, len));
	assert_true(question.number == CLOSING.number);
	assert_true(question.patience == CLOSING.patience);
	assert_false(question.is_shared || question.limits_sessions);
	len = door_answer_encode(&ACCEPTED, bytes);
	assert_ok(door_answer_decode(&answer, bytes, len));
	assert_string_equal(answer.ticket, ACCEPTED.ticket);
	assert_true(answer.expires == INT64_MAX);
	assert_true(answer.limits_sessions && !answer.is_listed);
	len = door_answer_encode(&OPENED, bytes);
	assert_ok(door_answer_decode(&answer, bytes, len));
	assert_true(answer.is_listed && answer.number == OPENED.number);
}

static void
test_come_back_as_they_were(void **state)
{
	const struct door_question question = first();
	const struct door_answer refused = {.kind = DOOR_REFUSED};
	const struct door_answer disabled = {.kind = DOOR_DISABLED};
	const struct door_answer good = {.kind = DOOR_ACCEPTED};

	(void)state;
	expect_same_question(&question);
	expect_same_question(&AGAIN);
	expect_same_question(&OPENING);
	expect_same_question(&CLOSING);
	expect_same_answer(&ACCEPTED);
	expect_same_answer(&OPENED);
	expect_same_answer(&good);
	expect_same_answer(&refused);
	expect_same_answer(&disabled);
}

/* Every packet that is cut, or goes on behind its end. */
static void
test_another_length_is_damage(void **state)
{
	uint8_t bytes[DOOR_PACKET_MAX + 1] = {0};
	struct door_question back;
	struct door_answer answer;
	size_t len = door_question_encode(&AGAIN, bytes);

	(void)state;
	for (size_t i = 0; i <= len + 1; i++)
		assert_err(i == len ? ERR_OK : ERR_DAMAGED,
		    door_question_decode(&back, bytes, i));
	len = door_answer_encode(&ACCEPTED, bytes);
	for (size_t i = 0; i <= len + 1; i++)
		assert_err(i == len ? ERR_OK : ERR_DAMAGED,
		    door_answer_decode(&answer, bytes, i));
}

/* A packet whose head counts what stands behind the last text. */
static void
test_bytes_behind_are_damage(void **state)
{
	uint8_t bytes[DOOR_PACKET_MAX] = {0};
	struct door_question question;
	struct door_answer answer;
	size_t len = door_question_encode(&AGAIN, bytes);

	(void)state;
	bytes[2]++;
	assert_err(
	    ERR_DAMAGED, door_question_decode(&question, bytes, len + 1));
	len = door_answer_encode(&ACCEPTED, bytes);
	bytes[2]++;
	assert_err(ERR_DAMAGED, door_answer_decode(&answer, bytes, len + 1));
}

/* Nothing of a damaged one is left to be used. */
static void
expect_bad(const struct door_question *question)
{
	uint8_t bytes[DOOR_PACKET_MAX];
	size_t len = door_question_encode(question, bytes);
	struct door_question back;

	assert_in_range(len, 1, DOOR_PACKET_MAX);
	assert_err(ERR_DAMAGED, door_question_decode(&back, bytes, len));
	for (size_t i = 0; i < sizeof(back); i++)
		assert_int_equal(((const uint8_t *)&back)[i], 0);
}

static void
test_questions_that_make_no_sense(void **state)
{
	struct door_question bad = first();

	(void)state;
	bad.kind = (enum door_question_kind)5;
	expect_bad(&bad);
	bad = first();
	bad.user[0] = '\0';
	expect_bad(&bad);
	bad = first();
	bad.service[0] = '\0';
	expect_bad(&bad);
	bad = first();
	strcpy(bad.from, "example.org");
	expect_bad(&bad);
	bad = first();
	strcpy(bad.need, "");
	expect_bad(&bad);
	bad = first();
	bad.text[20] ^= 1; /* not a token any more */
	expect_bad(&bad);
	bad = first();
	strcpy(bad.id, AGAIN.id);
	expect_bad(&bad);
	bad = first();
	strcpy(bad.ticket, AGAIN.ticket);
	expect_bad(&bad);
	bad = first();
	bad.kind = DOOR_ACCOUNT;
	expect_bad(&bad);
	bad = AGAIN;
	strcpy(bad.id, "012345678u");
	expect_bad(&bad);
}

/* A session is described where one begins, and nowhere else. */
static void
test_sessions_that_make_no_sense(void **state)
{
	struct door_question bad = OPENING;

	(void)state;
	bad.name[0] = '\0';
	expect_bad(&bad);
	bad = OPENING;
	bad.number = 1;
	expect_bad(&bad);
	bad = OPENING;
	strcpy(bad.need, "");
	expect_bad(&bad);
	for (unsigned i = 0; i < 8; i++) {
		bad = AGAIN;
		bad.is_shared = i == 0;
		bad.limits_sessions = i == 1;
		bad.before.is_known = i == 2;
		bad.before.audit = i == 3;
		strcpy(bad.before.scope, i == 4 ? "session-1" : "");
		bad.number = i == 5;
		strcpy(bad.tty, i == 6 ? "pts/1" : "");
		strcpy(bad.name, i == 7 ? "a" : "");
		expect_bad(&bad);
	}
	bad = AGAIN;
	bad.lifetime = RECORD_ONCE;
	expect_bad(&bad);
}

/* A flag is 0 or 1, a lifetime one of three. */
static void
test_other_numbers_are_damage(void **state)
{
	static const uint8_t MOST[] = {1, 1, 1, RECORD_UNTIL_LOGOUT};
	uint8_t bytes[DOOR_PACKET_MAX];
	struct door_question back;
	size_t len = door_question_encode(&OPENING, bytes);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(MOST); i++) {
		uint8_t kept = bytes[4 + i];

		bytes[4 + i] = (uint8_t)(MOST[i] + 1);
		assert_err(
		    ERR_DAMAGED, door_question_decode(&back, bytes, len));
		bytes[4 + i] = kept;
	}
	assert_ok(door_question_decode(&back, bytes, len));
}

static void
test_answers_that_make_no_sense(void **state)
{
	static const struct door_answer BAD[] = {
	    {.kind = DOOR_REFUSED, .id = "0123456789"},
	    {.kind = DOOR_REFUSED, .name = "a"},
	    {.kind = DOOR_DISABLED, .scopes = "read"},
	    {.kind = DOOR_REFUSED, .lifetime = RECORD_ONCE},
	    {.kind = DOOR_REFUSED, .ticket = "a"},
	    {.kind = DOOR_REFUSED, .expires = 1},
	    {.kind = DOOR_REFUSED, .limits_sessions = true},
	    {.kind = DOOR_REFUSED, .number = 1},
	    {.kind = DOOR_REFUSED, .is_listed = true},
	    {.kind = DOOR_ACCEPTED, .number = 1},
	    {.kind = DOOR_ACCEPTED,
		.id = "0123456789",
		.name = "a",
		.expires = 1,
		.is_listed = true},
	    {.kind = DOOR_ACCEPTED, .name = "a", .expires = 1},
	    {.kind = DOOR_ACCEPTED, .id = "0123456789", .expires = 1},
	    {.kind = DOOR_ACCEPTED, .id = "0123456789", .name = "a"},
	    {.kind = DOOR_ACCEPTED,
		.id = "0123456789",
		.name = "a",
		.expires = INT64_MIN},
	    {.kind = (enum door_answer_kind)0},
	    {.kind = (enum door_answer_kind)4},
	    {.kind = DOOR_ACCEPTED,
		.id = "0123456789",
		.name = "a",
		.expires = 1,
		.lifetime = (enum record_lifetime)3},
	};
	uint8_t bytes[DOOR_PACKET_MAX];
	struct door_answer back;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		size_t len = door_answer_encode(&BAD[i], bytes);

		assert_err(ERR_DAMAGED, door_answer_decode(&back, bytes, len));
		assert_int_equal(back.kind, 0);
	}
}

static void
test_another_version_is_damage(void **state)
{
	uint8_t bytes[DOOR_PACKET_MAX];
	struct door_question back;
	size_t len = door_question_encode(&AGAIN, bytes);

	(void)state;
	bytes[0]++;
	assert_err(ERR_DAMAGED, door_question_decode(&back, bytes, len));
}

/* In a text, where its length allows it. */
static void
test_a_nul_is_damage(void **state)
{
	uint8_t bytes[DOOR_PACKET_MAX];
	struct door_question back;
	size_t len = door_question_encode(&AGAIN, bytes);

	(void)state;
	/* Behind the head, the numbers and the length: a`l`ice. */
	bytes[4 + 16 + 2 + 1] = '\0';
	assert_err(ERR_DAMAGED, door_question_decode(&back, bytes, len));
}

static void
test_a_text_without_end_is_not_sent(void **state)
{
	uint8_t bytes[DOOR_PACKET_MAX];
	struct door_question question = AGAIN;

	(void)state;
	memset(question.user, 'x', sizeof(question.user));
	assert_int_equal(door_question_encode(&question, bytes), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_come_back_as_they_were),
	    cmocka_unit_test(test_numbers_and_texts_have_their_places),
	    cmocka_unit_test(test_another_length_is_damage),
	    cmocka_unit_test(test_bytes_behind_are_damage),
	    cmocka_unit_test(test_questions_that_make_no_sense),
	    cmocka_unit_test(test_sessions_that_make_no_sense),
	    cmocka_unit_test(test_other_numbers_are_damage),
	    cmocka_unit_test(test_answers_that_make_no_sense),
	    cmocka_unit_test(test_another_version_is_damage),
	    cmocka_unit_test(test_a_nul_is_damage),
	    cmocka_unit_test(test_a_text_without_end_is_not_sent),
	};

	return unit_run(tests);
}
