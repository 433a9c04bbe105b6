#include "own/own_message.h"

#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

static const char *const WORDS[] = {"issue", "--name=ci", "--", ""};

/* Frees nothing: the words are constants. */
static struct own_request *
sample(void)
{
	struct own_request *request = calloc(1, sizeof(*request));

	assert_non_null(request);
	request->terminal = (struct terminal){
	    .has_output = true, .has_colours = true, .width = 300};
	strcpy(request->user, "alice");
	for (size_t i = 0; i < COUNT_OF(WORDS); i++)
		/* Not changed from here on. */
		request->argv[request->argc++] = (char *)(uintptr_t)WORDS[i];
	memcpy(request->input, "a\0b\n", 4);
	request->input_len = 4;
	return request;
}

static void
test_a_request_comes_back(void **state)
{
	uint8_t bytes[OWN_PACKET_MAX];
	struct own_request *request = sample(), *back = sample();
	size_t len;

	(void)state;
	assert_ok(own_request_encode(request, bytes, &len));
	assert_ok(own_request_decode(back, bytes, len));
	assert_string_equal(back->user, "alice");
	assert_int_equal(back->argc, COUNT_OF(WORDS));
	for (size_t i = 0; i < COUNT_OF(WORDS); i++)
		assert_string_equal(back->argv[i], WORDS[i]);
	assert_null(back->argv[back->argc]);
	assert_int_equal(back->input_len, 4);
	assert_memory_equal(back->input, "a\0b\n", 4);
	assert_true(back->terminal.has_output && back->terminal.has_colours);
	assert_false(back->terminal.has_errors);
	assert_int_equal(back->terminal.width, 300);
	free(request);
	free(back);
}

/* Every packet that is cut, or goes on behind its end. */
static void
test_another_length_is_damage(void **state)
{
	uint8_t bytes[OWN_PACKET_MAX] = {0};
	struct own_request *request = sample();
	size_t len;

	(void)state;
	assert_ok(own_request_encode(request, bytes, &len));
	for (size_t i = 0; i <= len + 1; i++)
		assert_err(i == len ? ERR_OK : ERR_DAMAGED,
		    own_request_decode(request, bytes, i));
	/* One whose head counts what is behind. */
	bytes[2]++;
	assert_err(ERR_DAMAGED, own_request_decode(request, bytes, len + 1));
	assert_int_equal(request->argc, 0);
	free(request);
}

static void
test_too_much_is_not_sent(void **state)
{
	uint8_t bytes[OWN_PACKET_MAX];
	struct own_request *request = sample();
	char *text = calloc(1, OWN_PACKET_MAX + 1);
	size_t len;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', OWN_PACKET_MAX);
	request->argv[1] = text;
	assert_err(ERR_INVALID, own_request_encode(request, bytes, &len));
	text[OWN_PACKET_MAX / 2] = '\0';
	assert_ok(own_request_encode(request, bytes, &len));
	request->input_len = OWN_INPUT_MAX + 1;
	assert_err(ERR_INVALID, own_request_encode(request, bytes, &len));
	request->input_len = OWN_INPUT_MAX;
	assert_err(ERR_INVALID, own_request_encode(request, bytes, &len));
	request->input_len = 0;
	request->argc = OWN_ARGUMENTS_MAX + 1;
	assert_err(ERR_INVALID, own_request_encode(request, bytes, &len));
	request->argc = 0;
	assert_err(ERR_INVALID, own_request_encode(request, bytes, &len));
	free(text);
	free(request);
}

/* Counts and flags that no front sends. */
static void
test_numbers_that_make_no_sense(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} BAD[] = {
	    {0, 2}, {1, 1}, {4, 16}, /* flags */
	    {7, 0},                  /* no verb */
	    {7, 5},                  /* more arguments than there are */
	    {7, 255},                /* and than there may be */
	    {8, 5},                  /* more input */
	    {9, 0xff},               /* and than there may be */
	};
	uint8_t bytes[OWN_PACKET_MAX];
	struct own_request *request = sample();
	size_t len;

	(void)state;
	assert_ok(own_request_encode(request, bytes, &len));
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		uint8_t kept = bytes[BAD[i].at];

		bytes[BAD[i].at] = BAD[i].value;
		assert_err(
		    ERR_DAMAGED, own_request_decode(request, bytes, len));
		bytes[BAD[i].at] = kept;
	}
	assert_ok(own_request_decode(request, bytes, len));
	free(request);
}

static void
expect_text(enum own_kind kind, const char *text)
{
	uint8_t bytes[OWN_PACKET_MAX];
	size_t len = own_text_encode(kind, text, strlen(text), bytes);
	enum own_kind found;
	const char *back;
	size_t back_len;

	assert_ok(own_decode(&found, &back, &back_len, bytes, len));
	assert_int_equal(found, kind);
	assert_int_equal(back_len, strlen(text));
	assert_memory_equal(back, text, back_len);
	assert_err(
	    ERR_DAMAGED, own_decode(&found, &back, &back_len, bytes, len - 1));
}

static void
test_texts_come_back(void **state)
{
	uint8_t bytes[OWN_PACKET_MAX];
	enum own_kind kind;
	const char *text;
	size_t len;

	(void)state;
	expect_text(OWN_OUTPUT, "a line\n");
	expect_text(OWN_ERRORS, "");
	expect_text(OWN_ASK_HIDDEN, "Password: ");
	expect_text(OWN_ANSWER, "correct horse");
	expect_text(OWN_MORE, "");
	expect_text(OWN_INPUT, "\x89PNG");
	expect_text(OWN_INPUT, "");
	len = own_end_encode(2, "{}", bytes);
	assert_ok(own_decode(&kind, &text, &len, bytes, len));
	assert_int_equal(kind, OWN_END);
	assert_int_equal(text[0], 2);
	assert_int_equal(len, 3);
	assert_memory_equal(text + 1, "{}", 2);
	/* An end without its code, a receipt with a text, another kind. */
	len = own_text_encode(OWN_END, "", 0, bytes);
	assert_err(ERR_DAMAGED, own_decode(&kind, &text, &len, bytes, len));
	len = own_text_encode(OWN_WRITTEN, "x", 1, bytes);
	assert_err(ERR_DAMAGED, own_decode(&kind, &text, &len, bytes, len));
	len = own_text_encode(OWN_REQUEST, "x", 1, bytes);
	assert_err(ERR_DAMAGED, own_decode(&kind, &text, &len, bytes, len));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_request_comes_back),
	    cmocka_unit_test(test_another_length_is_damage),
	    cmocka_unit_test(test_too_much_is_not_sent),
	    cmocka_unit_test(test_numbers_that_make_no_sense),
	    cmocka_unit_test(test_texts_come_back),
	};

	return unit_run(tests);
}
