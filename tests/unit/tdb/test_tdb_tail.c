/*
 * Databases that libtdb would let grow until the disk is full: left by a
 * process that was killed while growing one without a transaction.
 */
#include "tdb/tdb_tail.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/last_use.h"
#include "tdb/tdb_blocks.h"

#define ID "0123456789"
#define FREE_LIST BLOCKS_HEAD
#define SPACE 4096

static const char *
database(const struct scratch *scratch)
{
	return scratch_path(scratch, "lib/usage.tdb");
}

static void
overwrite(const char *path, off_t at, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, len, at), len);
	(void)close(fd);
}

/* Appends free space. The free list is empty, or has that space. */
static void
append_free(const char *path, bool is_listed)
{
	struct block block = {
	    .len = SPACE - sizeof(block), .magic = BLOCKS_FREE};
	uint32_t len = SPACE, none = 0, at = (uint32_t)scratch_size(path);

	overwrite(path, at, &block, sizeof(block));
	overwrite(
	    path, (off_t)at + SPACE - (off_t)sizeof(len), &len, sizeof(len));
	overwrite(path, FREE_LIST, is_listed ? &at : &none, sizeof(at));
}

static enum err
note(const struct scratch *scratch, const char *id)
{
	return last_use_note(&scratch->config, id, NOW, NULL, "sshd", &why);
}

static void
test_space_that_is_listed(void **state)
{
	assert_ok(note(*state, ID));
	append_free(database(*state), true);
	assert_ok(tail_check(database(*state), &why));
}

static void
test_space_that_is_lost(void **state)
{
	assert_ok(note(*state, ID));
	append_free(database(*state), false);
	assert_err(ERR_DAMAGED, tail_check(database(*state), &why));
	assert_says("neither used nor free");
}

static void
test_a_list_that_goes_round(void **state)
{
	uint32_t at = FREE_LIST;

	assert_ok(note(*state, ID));
	append_free(database(*state), false);
	overwrite(database(*state), FREE_LIST, &at, sizeof(at));
	assert_err(ERR_DAMAGED, tail_check(database(*state), &why));
}

static void
test_what_is_no_database(void **state)
{
	assert_err(ERR_MISSING, tail_check(database(*state), &why));
	scratch_write(database(*state), "abc", 3, 0600);
	assert_ok(tail_check(database(*state), &why));
}

/* Otherwise this would take 4 GiB. */
static void
test_a_use_is_noted_all_the_same(void **state)
{
	off_t before;

	assert_ok(note(*state, ID));
	before = scratch_size(database(*state));
	append_free(database(*state), false);
	assert_ok(note(*state, "abcdefghjk"));
	assert_true(scratch_size(database(*state)) <= before);
}

#define GROWTH_TEST(test)                                                      \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    GROWTH_TEST(test_space_that_is_listed),
	    GROWTH_TEST(test_space_that_is_lost),
	    GROWTH_TEST(test_a_list_that_goes_round),
	    GROWTH_TEST(test_what_is_no_database),
	    GROWTH_TEST(test_a_use_is_noted_all_the_same),
	};

	return unit_run(tests);
}
