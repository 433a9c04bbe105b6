/* logo_option.h: what --logo reads, and what it does not. */
#include "cli/logo_option.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "lib/images.h"
#include "lib/scratch.h"
#include "lib/unit.h"

static const struct option_spec SPECS[] = {{"logo", "FILE", ""}, {0}};
static const struct token_owner SELF = {"alice", 1000};

static struct logo_option option;
static struct context context;
static uint8_t bytes[IMAGES_MAX];

/* How much of standard input was read. */
static size_t
asked(void)
{
	return (size_t)lseek(STDIN_FILENO, 0, SEEK_CUR);
}

static enum err
read_it(const char *value, const struct token_owner *self)
{
	const struct args args = {.specs = SPECS, .values = {value}};
	enum err rc;

	context = (struct context){.self = self};
	rc = logo_option_read(&option, &context, &args);
	why = context.error;
	assert_true(rc == ERR_OK || strcmp(why.field, "logo") == 0);
	assert_true(rc == ERR_OK || option.logo == NULL);
	return rc;
}

static void
set_input(size_t len, size_t image_len)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	images_png(bytes, image_len, 1, 1, 'x');
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_return_code(dup2(fd, STDIN_FILENO), errno);
	(void)close(fd);
	terminal_set(&(struct terminal){.has_input = false});
}

static void
test_a_file(void **state)
{
	const char *path = scratch_path(*state, "logo");

	images_png(bytes, 5000, 1, 1, 'x');
	scratch_write(path, bytes, 5000, 0600);
	assert_ok(read_it(path, NULL));
	assert_true(option.is_given);
	assert_int_equal(option.logo->len, 5000);
	assert_memory_equal(option.logo->bytes, bytes, 5000);
	logo_option_free(&option);
	scratch_write(path, bytes, 4999, 0600);
	assert_err(ERR_INVALID, read_it(path, NULL));
	assert_says("cut off");
	assert_err(ERR_INVALID, read_it(scratch_path(*state, "nothing"), NULL));
	assert_err(ERR_SYSTEM, read_it("/", NULL));
}

/* A path in a request is not the user's: a process of root would open it. */
static void
test_at_the_door_no_file_is_opened(void **state)
{
	const char *path = scratch_path(*state, "logo");

	images_png(bytes, 5000, 1, 1, 'x');
	scratch_write(path, bytes, 5000, 0600);
	assert_err(ERR_DENIED, read_it(path, &SELF));
	assert_err(ERR_DENIED, read_it("", &SELF));
	set_input(3000, 3000);
	assert_ok(read_it("-", &SELF));
	assert_int_equal(option.logo->len, 3000);
	logo_option_free(&option);
}

static void
test_standard_input_is_read_to_its_end(void **state)
{
	(void)state;
	set_input(LOGO_BYTES_MAX, LOGO_BYTES_MAX);
	assert_ok(read_it("-", NULL));
	assert_int_equal(option.logo->len, LOGO_BYTES_MAX);
	assert_memory_equal(option.logo->bytes, bytes, LOGO_BYTES_MAX);
	logo_option_free(&option);
	/* But not beyond what can be right. */
	set_input(IMAGES_MAX, IMAGES_MAX);
	assert_err(ERR_INVALID, read_it("-", NULL));
	assert_says("more than 64 KiB");
	assert_int_equal(asked(), LOGO_BYTES_MAX + 1);
	set_input(0, IMAGES_LEAST);
	assert_err(ERR_INVALID, read_it("-", NULL));
	set_input(100, 100);
	terminal_set(&(struct terminal){.has_input = true});
	assert_err(ERR_INVALID, read_it("-", NULL));
	assert_says("is a terminal");
	assert_int_equal(asked(), 0);
}

static void
test_none_and_nothing(void **state)
{
	(void)state;
	assert_ok(read_it("none", NULL));
	assert_true(option.is_given && option.logo == NULL);
	assert_ok(read_it("none", &SELF));
	assert_true(option.is_given && option.logo == NULL);
	assert_ok(read_it(NULL, NULL));
	assert_true(!option.is_given && option.logo == NULL);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_file),
	    TEST(test_at_the_door_no_file_is_opened),
	    TEST(test_standard_input_is_read_to_its_end),
	    TEST(test_none_and_nothing),
	};

	return unit_run(tests);
}
