/* landlock.h: what is requested from the kernel, by its version. */
#include "confine/landlock.h"

#include <errno.h>
#include <linux/landlock.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/unit.h"

/*
 * Bits of LANDLOCK_ACCESS_FS_*, as the kernel's headers number them: 1 is
 * WRITE_FILE, 4 to 12 remove and make, 13 is REFER, 14 TRUNCATE, 15 IOCTL_DEV.
 */
static const struct row {
	int version;
	uint64_t handled, scoped, to_file;
} ROWS[] = {
    {1, 0x1ff2, 0, 0x0002},
    {2, 0x3ff2, 0, 0x0002},
    {3, 0x7ff2, 0, 0x4002},
    {4, 0x7ff2, 0, 0x4002},
    {5, 0xfff2, 0, 0xc002},
    {6, 0xfff2, 3, 0xc002},
    {7, 0xfff2, 3, 0xc002},
};

/* What was requested. */
static struct {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
} ruleset;
static uint64_t allowed;

long __wrap_syscall(long number, ...);

/* By the linker's --wrap. */
long
__wrap_syscall(long number, ...)
{
	const struct landlock_path_beneath_attr *rule;
	va_list args;
	long rc = -1;

	va_start(args, number);
	if (number == SYS_landlock_create_ruleset) {
		memcpy(&ruleset, va_arg(args, void *), sizeof(ruleset));
		assert_int_equal(va_arg(args, size_t), sizeof(ruleset));
		rc = dup(STDIN_FILENO);
	} else if (number == SYS_landlock_add_rule) {
		(void)va_arg(args, int);
		assert_int_equal(va_arg(args, int), LANDLOCK_RULE_PATH_BENEATH);
		rule = va_arg(args, void *);
		allowed = rule->allowed_access;
		rc = 0;
	} else {
		fail_msg("system call %ld", number);
	}
	va_end(args);
	return rc;
}

static void
test_rights(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		const struct row *row = &ROWS[i];
		struct landlock landlock;

		print_message("version %d\n", row->version);
		assert_ok(landlock_begin(&landlock, row->version, &why));
		assert_int_equal(ruleset.handled_access_fs, row->handled);
		assert_int_equal(ruleset.handled_access_net, 0);
		assert_int_equal(ruleset.scoped, row->scoped);
		assert_ok(landlock_allow(&landlock, 0, true, &why));
		assert_int_equal(allowed, row->handled);
		assert_ok(landlock_allow(&landlock, 0, false, &why));
		assert_int_equal(allowed, row->to_file);
		landlock_end(&landlock);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rights),
	};

	return unit_run(tests);
}
