#include "base/file_mark.h"

#include <string.h>
#include <sys/stat.h>

#include "lib/unit.h"

static const struct file_mark MARK = {
    .exists = true,
    .device = 1,
    .inode = 2,
    .size = 3,
    .mode = S_IFREG | 0600,
    .owner = 4,
    .group = 5,
    .modified = {1000, 6},
    .changed = {1000, 7},
};

static void
test_equals_itself(void **state)
{
	struct file_mark other;

	(void)state;
	/* What lies between the fields does not count. */
	memset(&other, 0xff, sizeof(other));
	other.exists = MARK.exists;
	other.device = MARK.device;
	other.inode = MARK.inode;
	other.size = MARK.size;
	other.mode = MARK.mode;
	other.owner = MARK.owner;
	other.group = MARK.group;
	other.modified = MARK.modified;
	other.changed = MARK.changed;
	assert_true(file_mark_equals(&MARK, &other));
}

static void
test_each_field_counts(void **state)
{
	struct file_mark others[11];

	(void)state;
	for (size_t i = 0; i < 11; i++)
		others[i] = MARK;
	others[0].exists = false;
	others[1].device++;
	others[2].inode++;
	others[3].size++;
	others[4].mode ^= S_IROTH;
	others[5].owner++;
	others[6].group++;
	others[7].modified.tv_sec++;
	others[8].modified.tv_nsec++;
	others[9].changed.tv_sec--;
	others[10].changed.tv_nsec--;
	for (size_t i = 0; i < 11; i++)
		if (file_mark_equals(&MARK, &others[i]))
			fail_msg("field %zu", i);
}

static void
test_at_rest(void **state)
{
	struct file_mark touched = MARK, set_back = MARK, ahead = MARK;
	struct file_mark none = {.exists = false};

	(void)state;
	assert_true(file_mark_was_at_rest(&MARK, 1004, 3));
	assert_false(file_mark_was_at_rest(&MARK, 1003, 3));
	assert_false(file_mark_was_at_rest(&MARK, 999, 3));
	touched.modified.tv_sec = 1002;
	assert_false(file_mark_was_at_rest(&touched, 1004, 3));
	set_back.changed.tv_sec = 1002;
	assert_false(file_mark_was_at_rest(&set_back, 1004, 3));
	ahead.modified.tv_sec = 99999;
	assert_false(file_mark_was_at_rest(&ahead, 1004, 3));
	assert_true(file_mark_was_at_rest(&none, 1004, 3));
}

static void
test_what_is_taken(void **state)
{
	struct file_mark mark;

	(void)state;
	assert_true(file_mark_take(&mark, "/etc/passwd", FILE_MARK_NO_LINK));
	assert_true(mark.exists && mark.size > 0 && S_ISREG(mark.mode));
	assert_true(file_mark_take(&mark, "/etc", FILE_MARK_NO_LINK));
	assert_true(mark.exists && S_ISDIR(mark.mode));
	assert_true(
	    file_mark_take(&mark, "/etc/no such file", FILE_MARK_NO_LINK));
	assert_false(mark.exists);
	assert_true(file_mark_take(&mark, "/proc/self/exe", FILE_MARK_FOLLOW));
	assert_true(mark.exists && S_ISREG(mark.mode));
	/* A link, a device, a directory that is none */
	assert_false(
	    file_mark_take(&mark, "/proc/self/exe", FILE_MARK_NO_LINK));
	assert_false(file_mark_take(&mark, "/dev/null", FILE_MARK_NO_LINK));
	assert_false(file_mark_take(&mark, "/etc/passwd/x", FILE_MARK_NO_LINK));
	assert_false(mark.exists);
}

static void
test_trusted(void **state)
{
	(void)state;
	assert_false(file_mark_is_trusted("/proc/self"));
	assert_false(file_mark_is_trusted("/etc/no such file"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_equals_itself),
	    cmocka_unit_test(test_each_field_counts),
	    cmocka_unit_test(test_at_rest),
	    cmocka_unit_test(test_what_is_taken),
	    cmocka_unit_test(test_trusted),
	};

	return unit_run(tests);
}
