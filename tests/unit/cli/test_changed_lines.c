/* What a list that is read again has become. */
#include "cli/changed_lines.h"

#include <stdio.h>
#include <string.h>

#include "lib/unit.h"

static struct changed_lines lines;
static char gone[256];

static int
begin(void **state)
{
	(void)state;
	changed_lines_free(&lines);
	gone[0] = '\0';
	return 0;
}

static bool
take(const char *id, const char *line)
{
	bool changed;

	assert_ok(changed_lines_take(&lines, id, line, &changed));
	return changed;
}

static void
note_gone(const char *id, void *arg)
{
	assert_ptr_equal(arg, &lines);
	strcat(strcat(gone, id), " ");
}

static void
end(void)
{
	changed_lines_end(&lines, note_gone, &lines);
}

static void
test_new_changed_same_and_gone(void **state)
{
	(void)state;
	assert_true(take("b", "1"));
	assert_true(take("a", "2"));
	assert_true(take("c", "3"));
	end();
	assert_string_equal(gone, "");
	assert_false(take("a", "2"));
	assert_true(take("c", "4"));
	assert_true(take("d", "1"));
	end();
	assert_string_equal(gone, "b ");
	assert_false(take("c", "4"));
	end();
	assert_string_equal(gone, "b a d ");
	assert_true(take("b", "1"));
	end();
	end();
	assert_string_equal(gone, "b a d c b ");
}

static void
test_what_was_not_read_is_not_gone(void **state)
{
	(void)state;
	(void)take("a", "1");
	(void)take("b", "1");
	end();
	assert_true(take("a", "2"));
	changed_lines_drop(&lines);
	/* As if it had not been: the change is told again. */
	assert_true(take("a", "2"));
	assert_false(take("b", "1"));
	end();
	assert_string_equal(gone, "");
	/* What a dropped reading has seen does not count as there. */
	(void)take("a", "2");
	changed_lines_drop(&lines);
	end();
	assert_string_equal(gone, "a b ");
}

static void
test_many(void **state)
{
	char id[16], line[16];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 5000; i++) {
			(void)snprintf(id, sizeof(id), "%d", i * 7919 % 5000);
			(void)snprintf(
			    line, sizeof(line), "%d", i == 4321 ? round : 0);
			assert_int_equal(
			    take(id, line), round == 0 || i == 4321);
		}
		end();
	}
	assert_string_equal(gone, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_new_changed_same_and_gone, begin, begin),
	    cmocka_unit_test_setup_teardown(
		test_what_was_not_read_is_not_gone, begin, begin),
	    cmocka_unit_test_setup_teardown(test_many, begin, begin),
	};

	return unit_run(tests);
}
