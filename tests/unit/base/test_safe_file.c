#include "base/safe_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define STRANGER 65534

static void
expect_open(const char *path, int flags, enum safe_privacy privacy)
{
	int fd = -1;

	assert_ok(safe_open(path, flags, privacy, &fd, &why));
	assert_true(fd >= 0);
	assert_int_not_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	assert_int_equal(close(fd), 0);
}

/* Refused for reading and for writing, without waiting, with its name. */
static void
expect_refused(enum err expected, const char *path, enum safe_privacy privacy,
    const char *says)
{
	static const int FLAGS[] = {O_RDONLY, O_RDWR, O_WRONLY};
	int next = dup(STDIN_FILENO);

	assert_int_equal(close(next), 0);
	for (size_t i = 0; i < COUNT_OF(FLAGS); i++) {
		int fd = -77;

		assert_err(
		    expected, safe_open(path, FLAGS[i], privacy, &fd, &why));
		assert_int_equal(fd, -77);
		assert_says(path);
		assert_says(says);
	}
	/* Nothing is left open. */
	assert_int_equal(dup(STDIN_FILENO), next);
	assert_int_equal(close(next), 0);
}

static void
test_a_file_of_ones_own_is_opened(void **state)
{
	const char *path = scratch_path(*state, "file");

	scratch_write(path, "x", 1, 0600);
	expect_open(path, O_RDONLY, SAFE_PRIVATE);
	expect_open(path, O_RDWR, SAFE_PRIVATE);
	expect_open(path, O_RDONLY, SAFE_READABLE);
}

/* Which modes are too open for which files. */
static const struct {
	mode_t mode;
	bool private, readable;
} MODES[] = {
    {0600, true, true},
    {0700, true, true},
    {0640, false, true},
    {0604, false, true},
    {0644, false, true},
    {0610, false, true},
    {0601, false, true},
    {0755, false, true},
    {0620, false, false},
    {0602, false, false},
    {0660, false, false},
    {0666, false, false},
    {0777, false, false},
};

static void
test_modes(void **state)
{
	const char *path = scratch_path(*state, "file");

	for (size_t i = 0; i < COUNT_OF(MODES); i++) {
		scratch_write(path, "x", 1, MODES[i].mode);
		if (MODES[i].private)
			expect_open(path, O_RDONLY, SAFE_PRIVATE);
		else
			expect_refused(
			    ERR_UNSAFE, path, SAFE_PRIVATE, "chmod 600");
		if (MODES[i].readable)
			expect_open(path, O_RDONLY, SAFE_READABLE);
		else
			expect_refused(
			    ERR_UNSAFE, path, SAFE_READABLE, "chmod go-w");
	}
}

static void
test_missing(void **state)
{
	expect_refused(
	    ERR_MISSING, scratch_path(*state, "none"), SAFE_PRIVATE, "missing");
	expect_refused(ERR_MISSING, scratch_path(*state, "none/file"),
	    SAFE_PRIVATE, "missing");
}

static void
test_what_may_be_there_is_not_absent(void **state)
{
	const char *file = scratch_path(*state, "file");
	const char *dangling = scratch_path(*state, "dangling");

	assert_true(safe_is_absent(file));
	assert_true(safe_is_absent(scratch_path(*state, "none/file")));
	scratch_write(file, "x", 1, 0600);
	assert_false(safe_is_absent(file));
	assert_int_equal(symlink("nothing", dangling), 0);
	assert_false(safe_is_absent(dangling));
	/* Where it cannot be told. */
	assert_false(safe_is_absent(scratch_path(*state, "file/x")));
}

static void
test_symbolic_links_are_refused(void **state)
{
	const char *path = scratch_path(*state, "file");
	const char *link = scratch_path(*state, "link");
	const char *dangling = scratch_path(*state, "dangling");

	scratch_write(path, "x", 1, 0600);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(symlink("nothing", dangling), 0);
	expect_refused(ERR_UNSAFE, link, SAFE_PRIVATE, "symbolic link");
	expect_refused(ERR_UNSAFE, dangling, SAFE_READABLE, "symbolic link");
}

static void
test_directories_are_refused(void **state)
{
	const char *path = scratch_path(*state, "directory");

	assert_int_equal(mkdir(path, 0700), 0);
	expect_refused(ERR_UNSAFE, path, SAFE_PRIVATE, "not a regular file");
}

static void
test_fifos_are_refused_at_once(void **state)
{
	const char *path = scratch_path(*state, "fifo");

	assert_int_equal(mkfifo(path, 0600), 0);
	expect_refused(ERR_UNSAFE, path, SAFE_PRIVATE, "not a regular file");
}

static void
test_sockets_are_refused(void **state)
{
	const char *path = scratch_path(*state, "socket");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_true(strlen(path) < sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	assert_int_equal(
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(chmod(path, 0600), 0);
	expect_refused(ERR_UNSAFE, path, SAFE_PRIVATE, "not a regular file");
	(void)close(fd);
}

static void
test_devices_are_refused(void **state)
{
	(void)state;
	expect_refused(
	    ERR_UNSAFE, "/dev/null", SAFE_READABLE, "not a regular file");
}

static void
test_a_path_through_a_file_is_an_error(void **state)
{
	scratch_write(scratch_path(*state, "file"), "x", 1, 0600);
	expect_refused(ERR_SYSTEM, scratch_path(*state, "file/x"), SAFE_PRIVATE,
	    "cannot open");
}

static void
test_a_strangers_file_is_refused(void **state)
{
	const char *path = scratch_path(*state, "file");
	const char *directory = scratch_path(*state, "directory");

	if (geteuid() != 0)
		unit_skip("only root can give a file away");
	scratch_write(path, "x", 1, 0600);
	assert_int_equal(chown(path, STRANGER, (gid_t)-1), 0);
	expect_refused(ERR_UNSAFE, path, SAFE_PRIVATE, "chown root");
	expect_refused(ERR_UNSAFE, path, SAFE_READABLE, "owned by uid 65534");
	assert_int_equal(mkdir(directory, 0700), 0);
	assert_int_equal(chown(directory, STRANGER, (gid_t)-1), 0);
	assert_err(ERR_UNSAFE, safe_check_directory(directory, &why));
	assert_says("chown root");
}

static int
open_unreadable(void *path)
{
	int fd;

	CHILD_REQUIRE(child_drop_root() == 0);
	CHILD_REQUIRE(
	    safe_open(path, O_RDONLY, SAFE_READABLE, &fd, &why) == ERR_DENIED);
	CHILD_REQUIRE(strstr(why.text, "Permission denied") != NULL);
	return 0;
}

static void
test_no_right_to_read_is_an_error(void **state)
{
	const char *path = scratch_path(*state, "file");

	scratch_write(path, "x", 1, 0000);
	child_expect_success(
	    child_start(open_unreadable, (void *)(uintptr_t)path));
}

static void
test_check_looks_at_the_descriptor(void **state)
{
	const char *path = scratch_path(*state, "file");
	int fd;

	scratch_write(path, "x", 1, 0600);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_ok(safe_check(fd, path, SAFE_PRIVATE, &why));
	assert_int_equal(fchmod(fd, 0640), 0);
	assert_int_equal(unlink(path), 0);
	assert_err(ERR_UNSAFE, safe_check(fd, path, SAFE_PRIVATE, &why));
	assert_ok(safe_check(fd, path, SAFE_READABLE, &why));
	assert_int_equal(close(fd), 0);
	assert_err(ERR_SYSTEM, safe_check(-1, path, SAFE_PRIVATE, &why));
}

static void
test_check_directory(void **state)
{
	const char *path = scratch_path(*state, "directory");
	const char *link = scratch_path(*state, "link");

	assert_err(ERR_MISSING, safe_check_directory(path, &why));
	assert_int_equal(mkdir(path, 0700), 0);
	assert_ok(safe_check_directory(path, &why));
	assert_int_equal(chmod(path, 0755), 0);
	assert_ok(safe_check_directory(path, &why));
	assert_int_equal(chmod(path, 0770), 0);
	assert_err(ERR_UNSAFE, safe_check_directory(path, &why));
	assert_says("chmod 700");
	assert_int_equal(chmod(path, 01777), 0);
	assert_err(ERR_UNSAFE, safe_check_directory(path, &why));
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(symlink(path, link), 0);
	assert_err(ERR_UNSAFE, safe_check_directory(link, &why));
	assert_says("not a directory");
	scratch_write(scratch_path(*state, "file"), "", 0, 0600);
	assert_err(ERR_UNSAFE,
	    safe_check_directory(scratch_path(*state, "file"), &why));
	assert_err(ERR_SYSTEM,
	    safe_check_directory(scratch_path(*state, "file/x"), &why));
}

static void
test_make_directory(void **state)
{
	const char *path = scratch_path(*state, "directory");
	const char *dangling = scratch_path(*state, "dangling");
	mode_t before = umask(0);
	struct stat st;

	assert_ok(safe_make_directory(path, &why));
	(void)umask(before);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	assert_ok(safe_make_directory(path, &why)); /* it exists */
	assert_int_equal(chmod(path, 0777), 0);
	assert_err(ERR_UNSAFE, safe_make_directory(path, &why));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0777); /* left as it was */
	assert_err(ERR_SYSTEM,
	    safe_make_directory(scratch_path(*state, "no/parent"), &why));
	assert_int_equal(symlink("nothing", dangling), 0);
	assert_err(ERR_UNSAFE, safe_make_directory(dangling, &why));
}

static void
test_read_tells_how_long_it_is(void **state)
{
	static const struct {
		size_t size, len;
	} LENGTHS[] = {{0, 0}, {1, 1}, {9, 9}, {10, 10}, {11, 11}, {500, 11}};
	static const char TEXT[500] = "0123456789";
	const char *path = scratch_path(*state, "file");

	for (size_t i = 0; i < COUNT_OF(LENGTHS); i++) {
		char buf[12] = "";
		size_t len = 4242;
		int fd;

		scratch_write(path, TEXT, LENGTHS[i].size, 0600);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		assert_ok(safe_read(fd, path, buf, 10, &len, &why));
		assert_int_equal(len, LENGTHS[i].len);
		assert_memory_equal(buf, TEXT, len < 10 ? len : 10);
		assert_int_equal(buf[10], '\0');
		assert_int_equal(close(fd), 0);
	}
}

static void
test_read_errors(void **state)
{
	const char *path = scratch_path(*state, "");
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t len;
	char buf[4];

	assert_true(fd >= 0);
	assert_err(
	    ERR_SYSTEM, safe_read(fd, path, buf, sizeof(buf), &len, &why));
	assert_says("cannot read");
	assert_int_equal(close(fd), 0);
}

static void
test_sync_directory_of(void **state)
{
	char path[5000];

	assert_ok(safe_sync_directory_of(scratch_path(*state, "x"), &why));
	assert_ok(safe_sync_directory_of("/x", &why));
	assert_ok(safe_sync_directory_of("x", &why));
	assert_err(ERR_SYSTEM,
	    safe_sync_directory_of(scratch_path(*state, "no/x"), &why));
	memset(path, 'a', sizeof(path));
	strcpy(path + sizeof(path) - 3, "/x");
	assert_err(ERR_INVALID, safe_sync_directory_of(path, &why));
}

#define SAFE_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SAFE_TEST(test_a_file_of_ones_own_is_opened),
	    SAFE_TEST(test_modes),
	    SAFE_TEST(test_missing),
	    SAFE_TEST(test_what_may_be_there_is_not_absent),
	    SAFE_TEST(test_symbolic_links_are_refused),
	    SAFE_TEST(test_directories_are_refused),
	    SAFE_TEST(test_fifos_are_refused_at_once),
	    SAFE_TEST(test_sockets_are_refused),
	    SAFE_TEST(test_devices_are_refused),
	    SAFE_TEST(test_a_path_through_a_file_is_an_error),
	    SAFE_TEST(test_a_strangers_file_is_refused),
	    SAFE_TEST(test_no_right_to_read_is_an_error),
	    SAFE_TEST(test_check_looks_at_the_descriptor),
	    SAFE_TEST(test_check_directory),
	    SAFE_TEST(test_make_directory),
	    SAFE_TEST(test_read_tells_how_long_it_is),
	    SAFE_TEST(test_read_errors),
	    SAFE_TEST(test_sync_directory_of),
	};

	return unit_run(tests);
}
