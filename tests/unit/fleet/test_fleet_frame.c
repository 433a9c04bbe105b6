/* What is said to fleet-etcd: what was written is read, and nothing else is. */
#include "fleet/fleet_frame.h"

#include <string.h>

#include "lib/unit.h"

/* A frame with this body; its bytes are valid until the next. */
static struct fleet_frame
frame_of(enum fleet_frame_kind kind, const void *body, size_t len)
{
	static uint8_t bytes[FLEET_FRAME_HEAD + 4096];
	struct fleet_frame frame;
	size_t used;

	fleet_frame_head(bytes, kind, len);
	memcpy(bytes + FLEET_FRAME_HEAD, body, len);
	assert_true(
	    fleet_frame_take(&frame, bytes, FLEET_FRAME_HEAD + len, &used));
	assert_int_equal(used, FLEET_FRAME_HEAD + len);
	assert_int_equal(frame.kind, kind);
	assert_int_equal(frame.len, len);
	return frame;
}

static void
test_parts(void **state)
{
	uint8_t bytes[FLEET_FRAME_HEAD + 3] = {0};
	struct fleet_frame frame;
	size_t used = 9;

	(void)state;
	fleet_frame_head(bytes, FLEET_FRAME_ITEM, 3);
	for (size_t len = 0; len < sizeof(bytes); len++) {
		assert_true(fleet_frame_take(&frame, bytes, len, &used));
		assert_int_equal(used, 0);
	}
	assert_true(fleet_frame_take(&frame, bytes, sizeof(bytes), &used));
	assert_int_equal(used, sizeof(bytes));
	fleet_frame_head(bytes, FLEET_FRAME_ITEM, FLEET_FRAME_MAX);
	assert_true(fleet_frame_take(&frame, bytes, sizeof(bytes), &used));
	fleet_frame_head(bytes, FLEET_FRAME_ITEM, FLEET_FRAME_MAX + 1);
	assert_false(fleet_frame_take(&frame, bytes, sizeof(bytes), &used));
}

static void
test_names(void **state)
{
	static const struct {
		const char *body;
		size_t len;
	} BAD[] = {{"", 0}, {"\x02h", 2}, {"\x02h\0x", 4}, {"\xff", 1}};
	uint8_t head[1 + FLEET_NAME_MAX + 3];
	char name[FLEET_NAME_MAX + 1];
	struct fleet_frame frame;
	size_t len = fleet_frame_name(head, "hub");

	(void)state;
	memcpy(head + len, "abc", 3);
	frame = frame_of(FLEET_FRAME_IS_HEAD, head, len + 3);
	assert_true(fleet_frame_take_name(&frame, name));
	assert_string_equal(name, "hub");
	assert_int_equal(frame.len, 3);
	assert_memory_equal(frame.body, "abc", 3);
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		frame = frame_of(FLEET_FRAME_IS_HEAD, BAD[i].body, BAD[i].len);
		assert_false(fleet_frame_take_name(&frame, name));
	}
}

static void
test_ids(void **state)
{
	char id[TOKEN_ID_LEN + 1], issuer[PARSE_HOST_MAX + 1];
	struct fleet_frame frame;

	(void)state;
	frame = frame_of(FLEET_FRAME_DROP, "0123456789", 10);
	assert_true(fleet_frame_id(&frame, id));
	assert_string_equal(id, "0123456789");
	frame = frame_of(FLEET_FRAME_DROP, "01234567890", 11);
	assert_false(fleet_frame_id(&frame, id));
	frame = frame_of(FLEET_FRAME_DROP, "../../head", 10);
	assert_false(fleet_frame_id(&frame, id));
	frame = frame_of(FLEET_FRAME_LIST, "\0\0\1\0hub", 7);
	uint32_t number;
	assert_true(fleet_frame_take_number(&frame, &number));
	assert_int_equal(number, 256);
	assert_true(fleet_frame_issuer(&frame, issuer));
	assert_string_equal(issuer, "hub");
	frame = frame_of(FLEET_FRAME_LIST, "a/b", 3);
	assert_false(fleet_frame_issuer(&frame, issuer));
	assert_false(fleet_frame_take_number(&frame, &number));
}

static void
test_steps(void **state)
{
	struct fleet_frame_step step = {"hub", "before\n", "after\n"}, back;
	uint8_t body[FLEET_FRAME_STEP_MAX];
	struct fleet_frame frame;
	size_t len = fleet_frame_step_put(body, &step);

	(void)state;
	frame = frame_of(FLEET_FRAME_PUT, body, len);
	assert_true(fleet_frame_step_take(&back, &frame));
	assert_string_equal(back.issuer, "hub");
	assert_string_equal(back.before, "before\n");
	assert_string_equal(back.head, "after\n");
	for (size_t cut = 0; cut < len - strlen(step.head); cut++) {
		frame = frame_of(FLEET_FRAME_PUT, body, cut);
		assert_false(fleet_frame_step_take(&back, &frame));
	}
	memset(step.before, 'b', FLEET_HEAD_MAX);
	memset(step.head, 'h', FLEET_HEAD_MAX);
	frame = frame_of(
	    FLEET_FRAME_PUT, body, fleet_frame_step_put(body, &step));
	assert_true(fleet_frame_step_take(&back, &frame));
	assert_string_equal(back.head, step.head);
}

/* Its numbers are what is sent, whatever error.h has. */
static void
test_codes(void **state)
{
	static const enum err KEPT[] = {ERR_OK, ERR_NOMEM, ERR_SYSTEM, ERR_BUSY,
	    ERR_INVALID, ERR_CONFIG, ERR_REFUSED, ERR_NOT_FOUND, ERR_EXISTS};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(KEPT); i++)
		assert_err(
		    KEPT[i], fleet_frame_error(fleet_frame_code(KEPT[i])));
	assert_err(ERR_INTERNAL, fleet_frame_error(fleet_frame_code(ERR_KEY)));
	assert_err(ERR_INTERNAL, fleet_frame_error(255));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parts),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_steps),
	    cmocka_unit_test(test_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
