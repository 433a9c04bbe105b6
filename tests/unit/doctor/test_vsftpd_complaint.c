/* What vsftpd says of its configuration, and the line that it means. */
#include "lib/unit.h"

#include <string.h>

#include "doctor/vsftpd_complaint.h"
#include "lib/scratch.h"

#define BAD "500 OOPS: bad bool value in config file for: "
#define UNKNOWN "500 OOPS: unrecognised variable in config file: "
#define MISSING "500 OOPS: missing value in config file for: "

static const struct row {
	const char *text;      /* of the file */
	const char *said;      /* by vsftpd, with exit status 2 */
	const char *complaint; /* NULL: none */
	size_t number;
	bool is_spelling;
} ROWS[] = {
    {"a=YES\nb=YES \nc=NO\n", BAD "b\r\n",
	"bad bool value in config file for: b", 2, true},
    {"a=YES\r\nb=YES\r\n", BAD "a\r\n", "bad bool value in config file for: a",
	1, true},
    {"b=yes\n b=YESS\nb=on\n", BAD "b\r\n",
	"bad bool value in config file for: b", 2, false},
    {"#b=on\nbb=on\nb=on\n", BAD "b\r\n",
	"bad bool value in config file for: b", 3, false},
    {"a\t=YES\n", UNKNOWN "a\t\r\n",
	"unrecognised variable in config file: a\t", 1, true},
    {"zork=YES", UNKNOWN "zork\r\n",
	"unrecognised variable in config file: zork", 1, false},
    {"a=YES\n\n  # c\n", MISSING "# c\r\n",
	"missing value in config file for: # c", 3, true},
    {"a=YES\nb\n", MISSING "b\r\n", "missing value in config file for: b", 2,
	false},
    {"a=YES\nb=\n", MISSING "b\r\n", "missing value in config file for: b", 2,
	false},
    {"a=YES\n", "500 OOPS: config file not owned by correct user\r\n",
	"config file not owned by correct user", 0, false},
    /* It does not know -v, or has another trouble. */
    {"a=YES\n", "500 OOPS: unrecognise option: -v\r\n", NULL, 0, false},
    {"a=YES\n", "vsftpd: cannot be loaded\n", NULL, 0, false},
    {"a=YES\n", "", NULL, 0, false},
};

/* As vsftpd, which writes to descriptor 0. */
#define PROGRAM "#!/bin/sh\ncat \"${0%/*}/said\" >&0\nexit 2\n"

static void
check_row(const struct scratch *scratch, const struct row *row)
{
	struct vsftpd_complaint complaint;
	const char *file = scratch_path(scratch, "vsftpd.conf");

	scratch_write(file, row->text, strlen(row->text), 0600);
	scratch_write(
	    scratch_path(scratch, "said"), row->said, strlen(row->said), 0600);
	assert_row(row->said,
	    vsftpd_complains(scratch_path(scratch, "vsftpd"), file,
		&complaint) == (row->complaint != NULL));
	if (row->complaint == NULL)
		return;
	assert_string_equal(complaint.text.text, row->complaint);
	assert_row(row->said, complaint.number == row->number);
	assert_row(row->said, complaint.is_spelling == row->is_spelling);
}

static void
test_rows(void **state)
{
	const struct scratch *scratch = *state;

	scratch_write(scratch_path(scratch, "vsftpd"), PROGRAM,
	    sizeof(PROGRAM) - 1, 0700);
	for (size_t i = 0; i < COUNT_OF(ROWS); i++)
		check_row(scratch, &ROWS[i]);
}

static void
test_not_asked(void **state)
{
	const struct scratch *scratch = *state;
	struct vsftpd_complaint complaint;
	const char *file = scratch_path(scratch, "vsftpd.conf");

	scratch_write(file, "zork=1\n", 7, 0600);
	assert_false(vsftpd_complains(
	    scratch_path(scratch, "missing"), file, &complaint));
	assert_false(vsftpd_complains("/bin/true", file, &complaint));
}

static void
test_misspelt(void **state)
{
	static const char *const MISSPELT[] = {"a=YES ", "a=YES\r", "a =YES",
	    "a= YES", "a\t=YES", " # c", "a=YES \n", "b ", " a=x\r\n"};
	static const char *const GOOD[] = {"a=YES", "  a=YES\n", "# c ", "",
	    "\n", " \t\n", "a=b = c", "a=", "=", "a"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(MISSPELT); i++)
		assert_row(MISSPELT[i], vsftpd_is_misspelt(MISSPELT[i]));
	for (size_t i = 0; i < COUNT_OF(GOOD); i++)
		assert_row(GOOD[i], !vsftpd_is_misspelt(GOOD[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_rows, scratch_setup, scratch_teardown),
	    cmocka_unit_test_setup_teardown(
		test_not_asked, scratch_setup, scratch_teardown),
	    cmocka_unit_test(test_misspelt),
	};

	return unit_run(tests);
}
