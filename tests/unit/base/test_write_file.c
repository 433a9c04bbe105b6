/* write_file.h: two writers of one file, and what a killed one has left. */
#include "base/write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define FIRST "of the first"
#define SECOND "of the second writer"

typedef enum err writer(const char *path, const void *bytes, size_t len,
    mode_t mode, struct error *text);

/* The second writer begins when the first has written, but not yet renamed. */
static struct {
	const char *path; /* NULL: it does not begin */
	writer *write;
	enum err expected;
	pid_t second;
	bool is_second;
	struct signal_pipe is_kept_out;
} shared;

int __real_retry_fsync(int fd);
int __wrap_retry_fsync(int fd);
int __real_retry_flock(int fd, int operation);
int __wrap_retry_flock(int fd, int operation);

static int
write_second(void *arg)
{
	/* A copy of it would keep the lock. */
	CHILD_REQUIRE(close(*(int *)arg) == 0);
	shared.is_second = true;
	shared.second = getpid(); /* there is no third */
	signal_keep(&shared.is_kept_out, SIGNAL_SENDS);
	CHILD_REQUIRE(shared.write(shared.path, SECOND, strlen(SECOND), 0600,
			  &why) == shared.expected);
	return 0;
}

int
__wrap_retry_fsync(int fd)
{
	if (shared.path != NULL && shared.second == 0) {
		shared.second = child_start(write_second, &fd);
		signal_await(&shared.is_kept_out);
	}
	return __real_retry_fsync(fd);
}

int
__wrap_retry_flock(int fd, int operation)
{
	int rc = __real_retry_flock(fd, operation), reason = errno;

	if (shared.is_second && rc != 0) {
		signal_send(&shared.is_kept_out);
		shared.is_second = false;
	}
	errno = reason;
	return rc;
}

static void
expect_content(const char *path, const char *text)
{
	size_t len;
	uint8_t *bytes = scratch_read(path, &len);

	assert_int_equal(len, strlen(text));
	assert_memory_equal(bytes, text, len);
	free(bytes);
}

static void
begin_two(const char *path, writer *write, enum err expected)
{
	memset(&shared, 0, sizeof(shared));
	signal_make(&shared.is_kept_out);
	shared.path = path;
	shared.write = write;
	shared.expected = expected;
}

static void
end_two(const struct scratch *scratch)
{
	assert_true(shared.second != 0);
	child_expect_success(shared.second);
	signal_close(&shared.is_kept_out);
	shared.path = NULL;
	assert_int_equal(access(scratch_path(scratch, "file.new"), F_OK), -1);
}

static void
test_the_second_waits(void **state)
{
	const char *path = scratch_path(*state, "file");

	begin_two(path, write_file_over, ERR_OK);
	assert_ok(write_file_over(path, FIRST, strlen(FIRST), 0600, &why));
	end_two(*state);
	expect_content(path, SECOND);
}

static void
test_there_may_be_one_alone(void **state)
{
	const char *path = scratch_path(*state, "file");

	begin_two(path, write_file_new, ERR_EXISTS);
	assert_ok(write_file_new(path, FIRST, strlen(FIRST), 0600, &why));
	end_two(*state);
	expect_content(path, FIRST);
}

/* Not locked by anybody, or no file. */
static void
test_what_is_left_is_removed(void **state)
{
	const char *path = scratch_path(*state, "file");
	const char *fresh = scratch_path(*state, "file.new");
	const char *other = scratch_path(*state, "other");

	scratch_write(fresh, "half", 4, 0600);
	assert_ok(write_file_over(path, FIRST, strlen(FIRST), 0644, &why));
	expect_content(path, FIRST);
	scratch_write(other, "kept", 4, 0600);
	assert_int_equal(link(other, fresh), 0);
	assert_ok(write_file_over(path, SECOND, strlen(SECOND), 0644, &why));
	assert_int_equal(symlink(other, fresh), 0);
	assert_ok(write_file_over(path, FIRST, strlen(FIRST), 0644, &why));
	assert_int_equal(mkfifo(fresh, 0600), 0);
	assert_ok(write_file_over(path, SECOND, strlen(SECOND), 0644, &why));
	expect_content(path, SECOND);
	expect_content(other, "kept");
	assert_int_equal(access(fresh, F_OK), -1);
}

#define WRITE_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WRITE_TEST(test_the_second_waits),
	    WRITE_TEST(test_there_may_be_one_alone),
	    WRITE_TEST(test_what_is_left_is_removed),
	};

	return unit_run(tests);
}
