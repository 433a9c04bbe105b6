/* Lines of /etc/pam.d, and files that include each other. */
#include "lib/unit.h"

#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "pam/pamline_text.h"
#include "pam/pamstack.h"

struct line_row {
	const char *text;
	const char *lines[4]; /* after joining */
};

/* As Linux-PAM 1.6 and newer read them */
static const struct line_row LINES[] = {
    {"", {NULL}},
    {"# a\n\n \t\n", {NULL}},
    {"auth required x\n", {"auth required x"}},
    {"  auth required x  \nb", {"auth required x", "b"}},
    {"auth \\\n required x\n", {"auth  required x"}},
    {"auth \\ \t\n# b\n\n required x\n", {"auth  ", "required x"}},
    {"auth \\\n \t\n required x\n", {"auth  ", "required x"}},
    {"\\\n\\\n\nauth \\\n\\\nx\n", {"auth   x"}},
    {"\\\n\n", {NULL}},
    {"auth required x # b \\\nc\n", {"auth required x ", "c"}},
    {"a \\ # b\nc\n", {"a \\ ", "c"}},
    {"a\r\n\r\nb\\\r\n", {"a\r", "\r", "b\\\r"}},
};

/* As 1.5 does, where that differs */
static const struct line_row LINES_OF_1_5[] = {
    {"auth \\ \t\n# b\n\n required x\n", {"auth  required x"}},
    {"auth \\\n \t\n required x\n", {"auth  required x"}},
    {"a \\\n# b \\\n\nc \\\n#\nd\ne\n", {"a  c  d", "e"}},
};

static void
expect_lines(const struct line_row *row, bool is_1_5)
{
	struct pamline_text text = {.at = row->text,
	    .end = row->text + strlen(row->text),
	    .is_1_5 = is_1_5};
	char buffer[256];
	size_t n = 0;

	while (pamline_text_next(&text, buffer, sizeof(buffer))) {
		assert_row(row->text, row->lines[n] != NULL);
		assert_string_equal(buffer, row->lines[n]);
		assert_false(text.is_cut);
		n++;
	}
	assert_row(row->text, row->lines[n] == NULL);
}

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(LINES); i++)
		expect_lines(&LINES[i], false);
	for (size_t i = 0; i < COUNT_OF(LINES_OF_1_5); i++)
		expect_lines(&LINES_OF_1_5[i], true);
}

static void
test_ends(void **state)
{
	static const char CUT[] = "a\nb \\\n";
	struct pamline_text text = {.at = CUT, .end = CUT + strlen(CUT)};
	char buffer[64], *large = malloc(4096);

	(void)state;
	assert_true(pamline_text_next(&text, buffer, sizeof(buffer)));
	assert_false(text.is_cut);
	assert_true(pamline_text_next(&text, buffer, sizeof(buffer)));
	assert_true(text.is_cut);
	assert_int_equal(text.begun, 2);

	assert_non_null(large);
	memset(large, '#', 4096);
	text = (struct pamline_text){
	    .at = large, .end = large + PAMLINE_TEXT_MAX, .is_1_5 = true};
	assert_false(pamline_text_next(&text, buffer, sizeof(buffer)));
	text = (struct pamline_text){.at = large, .end = large + 4096};
	assert_false(pamline_text_next(&text, buffer, sizeof(buffer)));
	text = (struct pamline_text){
	    .at = large, .end = large + 4096, .is_1_5 = true};
	assert_true(pamline_text_next(&text, buffer, sizeof(buffer)));
	assert_int_equal(text.long_at, 1);
	assert_string_equal(buffer, "");
	free(large);
}

struct parse_row {
	const char *text;
	enum pamline_kind kind;
	enum pamline_type type;
	int success, failure; /* PAM_SUCCESS, PAM_AUTH_ERR */
	const char *path;
	int argc;
};

static const struct parse_row PARSED[] = {
    {"auth required pam_unix.so nullok", PAMLINE_MODULE, PAMLINE_AUTH, -1, -3,
	"pam_unix.so", 1},
    {"-SESSION Optional\tx", PAMLINE_MODULE, PAMLINE_SESSION, -1, 0, "x", 0},
    {"account [success=2 default=die]x", PAMLINE_MODULE, PAMLINE_ACCOUNT, 2, -4,
	"x", 0},
    {"auth [default=ok success=reset] x [a b] c", PAMLINE_MODULE, PAMLINE_AUTH,
	-5, -1, "x", 2},
    {"auth [success=2147483647 default=ignore] x", PAMLINE_MODULE, PAMLINE_AUTH,
	2147483647, 0, "x", 0},
    {"auth [success=2147483648 default=ignore] x", PAMLINE_MODULE, PAMLINE_AUTH,
	-3, -3, "x", 0},
    {"auth [success=0] x", PAMLINE_MODULE, PAMLINE_AUTH, -3, -3, "x", 0},
    {"auth [Success=ok] x", PAMLINE_MODULE, PAMLINE_AUTH, -3, -3, "x", 0},
    {"@include common-auth extra", PAMLINE_INCLUDE, PAMLINE_ANY, -3, -3,
	"common-auth", 1},
    {"auth include f", PAMLINE_INCLUDE, PAMLINE_AUTH, -3, -3, "f", 0},
    {"auth substack f", PAMLINE_SUBSTACK, PAMLINE_AUTH, -3, -3, "f", 0},
    {"auth", PAMLINE_BROKEN, PAMLINE_AUTH, -3, -3, "", 0},
    {"auth required", PAMLINE_BROKEN, PAMLINE_AUTH, -1, -3, "", 0},
    {"\r", PAMLINE_BROKEN, PAMLINE_AUTH, -3, -3, "", 0},
    {"zork optional x", PAMLINE_BROKEN, PAMLINE_AUTH, -1, 0, "x", 0},
    {"auth include", PAMLINE_BROKEN, PAMLINE_AUTH, -3, -3, "", 0},
};

static void
test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(PARSED); i++) {
		const struct parse_row *row = &PARSED[i];
		char *text = strdup(row->text);
		struct pamline line;

		assert_non_null(text);
		pamline_parse(&line, text);
		assert_row(row->text, line.kind == row->kind);
		assert_row(row->text, line.type == row->type);
		assert_row(
		    row->text, line.actions[PAM_SUCCESS] == row->success);
		assert_row(
		    row->text, line.actions[PAM_AUTH_ERR] == row->failure);
		assert_string_equal(line.path, row->path);
		assert_row(row->text, line.argc == row->argc);
		free(text);
	}
}

static void
write_text(const struct scratch *scratch, const char *name, const char *text)
{
	scratch_write(
	    scratch_path(scratch, name), text, strlen(text), S_IRUSR | S_IWUSR);
}

static void
read_stack(
    const struct scratch *scratch, struct pamstack *stack, const char *service)
{
	const struct pamstack_places places = {{scratch->directory, NULL}};

	assert_ok(pamstack_read(stack, service, &places, &why));
}

struct stack_row {
	const char *text;
	bool is_refused;
	size_t entries;
	const char *says; /* the first problem; NULL: there is none */
};

static const struct stack_row STACKS[] = {
    {"@include more\nauth required y\n", false, 2, NULL},
    {"auth include more\n", false, 1, NULL},
    {"account include more\n", false, 0, NULL},
    {"auth substack more\n", false, 2, NULL},
    {"@include none\n", true, 0, "none, which is missing"},
    {"auth include none\n", false, 1, "none, which is missing"},
    {"@include more\r\n", true, 0, "Windows"},
    {"@include s\n", true, 0, "without end"},
    {"auth include s\n", false, 1, "without end"},
    {"@include s\n@include s\n", true, 0, "without end"},
    {"auth include s\nauth include s\n", false, PAMSTACK_LINES, "without end"},
    {"auth required x\nsession required \\", true, 1, "continued line"},
    {"zork required x\n", false, 1, "not a type"},
    {"auth zork x\n", false, 1, "control"},
    {"auth required x\n@include dir\n", false, 1, "a directory"},
};

static void
test_stacks(void **state)
{
	const struct scratch *scratch = *state;

	write_text(scratch, "more", "auth required x\n");
	assert_int_equal(mkdir(scratch_path(scratch, "dir"), S_IRWXU), 0);
	for (size_t i = 0; i < COUNT_OF(STACKS); i++) {
		const struct stack_row *row = &STACKS[i];
		struct pamstack stack;

		write_text(scratch, "s", row->text);
		read_stack(scratch, &stack, "s");
		assert_row(row->text, stack.is_refused == row->is_refused);
		/* Files that include each other do not recurse for ever. */
		assert_row(row->text,
		    row->entries == PAMSTACK_LINES
			? stack.count <= PAMSTACK_LINES
			: stack.count == row->entries);
		assert_row(row->text,
		    (stack.problem_count > 0) == (row->says != NULL));
		if (row->says != NULL)
			assert_row(row->text,
			    strstr(stack.problems[0].text.text, row->says) !=
				NULL);
		pamstack_free(&stack);
	}
}

static void
test_other(void **state)
{
	const struct scratch *scratch = *state;
	struct pamstack stack;

	read_stack(scratch, &stack, "s");
	assert_true(stack.is_refused);
	pamstack_free(&stack);
	write_text(scratch, "other", "auth required x\nsession required x\n");
	read_stack(scratch, &stack, "s");
	assert_false(stack.has_file);
	assert_int_equal(stack.count, 2);
	pamstack_free(&stack);
	write_text(scratch, "s", "auth required a\nauth required b\n");
	read_stack(scratch, &stack, "s");
	assert_int_equal(stack.count, 3);
	assert_string_equal(pamstack_module(&stack.entries[0]), "a");
	assert_true(stack.entries[2].of_other);
	pamstack_free(&stack);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test_setup_teardown(
		test_stacks, scratch_setup, scratch_teardown),
	    cmocka_unit_test_setup_teardown(
		test_other, scratch_setup, scratch_teardown),
	};

	return unit_run(tests);
}
