/*
 * confinement.h: the machines and processes on which it refuses before anything
 * is changed. tests/e2e/confine.test checks that it confines.
 */
#include "confine/confinement.h"

#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/unit.h"

/* What the kernel looks like. */
static bool has_capability, has_mount_setattr;
static long landlock; /* its version, or -1 */
static int unshared;

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
int __wrap_unshare(int flags);

static long
absent(int error)
{
	errno = error;
	return -1;
}

/* By the linker's --wrap. */
long
__wrap_syscall(long number, ...)
{
	struct __user_cap_data_struct *data;
	va_list args;

	switch (number) {
	case SYS_capget:
		va_start(args, number);
		(void)va_arg(args, void *);
		data = va_arg(args, struct __user_cap_data_struct *);
		va_end(args);
		data[0].effective = CAP_TO_MASK(CAP_SYS_ADMIN);
		if (!has_capability)
			data[0].effective = ~data[0].effective;
		return 0;
	case SYS_mount_setattr:
		return absent(has_mount_setattr ? EINVAL : ENOSYS);
	case SYS_landlock_create_ruleset:
		return landlock < 0 ? absent(EOPNOTSUPP) : landlock;
	default:
		fail_msg("system call %ld", number);
		return -1;
	}
}

/* The first call that changes anything. */
int
__wrap_unshare(int flags)
{
	(void)flags;
	unshared++;
	errno = EIO;
	return -1;
}

static enum err
enter(uid_t uid)
{
	static const struct config CONFIG;
	struct confinement confinement = {0};

	return confinement_enter(&confinement, &CONFIG, uid, "/", &why);
}

static int
setup(void **state)
{
	(void)state;
	has_capability = has_mount_setattr = true;
	landlock = 1;
	unshared = 0;
	return 0;
}

static void
test_goes_on_where_all_is_there(void **state)
{
	(void)state;
	assert_err(ERR_SYSTEM, enter(1000));
	assert_says("unshare: Input/output error");
	assert_int_equal(unshared, 1);
	landlock = 7;
	assert_err(ERR_SYSTEM, enter(1));
	assert_int_equal(unshared, 2);
}

static void
test_uid_0(void **state)
{
	(void)state;
	assert_err(ERR_REFUSED, enter(0));
	assert_says("uid 0");
	assert_int_equal(unshared, 0);
}

static void *
wait_for_end(void *arg)
{
	(void)pthread_mutex_lock(arg);
	(void)pthread_mutex_unlock(arg);
	return NULL;
}

static void
test_threads(void **state)
{
	pthread_mutex_t end = PTHREAD_MUTEX_INITIALIZER;
	pthread_t thread;

	(void)state;
	(void)pthread_mutex_lock(&end);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_end, &end), 0);
	assert_err(ERR_REFUSED, enter(1000));
	(void)pthread_mutex_unlock(&end);
	(void)pthread_join(thread, NULL);
	assert_says("2 threads");
	assert_int_equal(unshared, 0);
}

static void
test_no_capability(void **state)
{
	(void)state;
	has_capability = false;
	assert_err(ERR_SYSTEM, enter(1000));
	assert_says("without CAP_SYS_ADMIN");
	assert_int_equal(unshared, 0);
}

static void
test_no_mount_setattr(void **state)
{
	(void)state;
	has_mount_setattr = false;
	assert_err(ERR_SYSTEM, enter(1000));
	assert_says("no mount_setattr, of Linux 5.12: Function not impl");
	assert_int_equal(unshared, 0);
}

static void
test_landlock_missing(void **state)
{
	(void)state;
	landlock = -1;
	assert_err(ERR_SYSTEM, enter(1000));
	assert_says("without Landlock, of Linux 5.13: Operation not supported");
	landlock = 0;
	assert_err(ERR_SYSTEM, enter(1000));
	assert_says("without Landlock, of Linux 5.13");
	assert_int_equal(unshared, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_goes_on_where_all_is_there, setup),
	    cmocka_unit_test_setup(test_uid_0, setup),
	    cmocka_unit_test_setup(test_no_capability, setup),
	    cmocka_unit_test_setup(test_no_mount_setattr, setup),
	    cmocka_unit_test_setup(test_landlock_missing, setup),
	    /* The last: a thread that was joined may be listed still. */
	    cmocka_unit_test_setup(test_threads, setup),
	};

	return unit_run(tests);
}
