/* db.h, with a file that is swapped while it is opened. */
#include "tdb/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "lib/scratch.h"
#include "lib/unit.h"

static char path[SCRATCH_PATH];

enum err __real_safe_open(const char *name, int flags,
    enum safe_privacy privacy, int *fd, struct error *error);
enum err __wrap_safe_open(const char *name, int flags,
    enum safe_privacy privacy, int *fd, struct error *error);
enum err __real_safe_check_name(
    const char *name, enum safe_privacy privacy, struct error *error);
enum err __wrap_safe_check_name(
    const char *name, enum safe_privacy privacy, struct error *error);

/* Replaces path after it was checked; NULL: nothing. */
static const char *swapped;

static void
swap(void)
{
	if (swapped != NULL && rename(swapped, path) != 0)
		abort();
}

enum err
__wrap_safe_open(const char *name, int flags, enum safe_privacy privacy,
    int *fd, struct error *error)
{
	enum err rc = __real_safe_open(name, flags, privacy, fd, error);

	swap();
	return rc;
}

enum err
__wrap_safe_check_name(
    const char *name, enum safe_privacy privacy, struct error *error)
{
	enum err rc = __real_safe_check_name(name, privacy, error);

	swap();
	return rc;
}

static int
setup(void **state)
{
	if (scratch_setup(state) != 0)
		return -1;
	strcpy(path, scratch_path(*state, "db"));
	return 0;
}

static void
make_db(void)
{
	struct db *db;

	assert_ok(db_create(&db, path, &why));
	db_close(db);
}

/* Another user's file, put there between our check and libtdb's open. */
static void
test_a_swap_is_noticed(void **state)
{
	const char *other = scratch_path(*state, "other");

	for (int mode = DB_READ; mode <= DB_WRITE; mode++) {
		struct db *db = NULL;
		enum err rc;

		make_db();
		assert_int_equal(rename(path, other), 0);
		assert_int_equal(chmod(other, 0640), 0);
		make_db();
		swapped = other;
		rc = db_open(&db, path, (enum db_mode)mode, &why);
		swapped = NULL;
		assert_err(ERR_UNSAFE, rc);
		assert_null(db);
		assert_says(path);
		assert_int_equal(access(other, F_OK), -1);
		assert_int_equal(unlink(path), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_a_swap_is_noticed, setup, scratch_teardown),
	};

	return unit_run(tests);
}
