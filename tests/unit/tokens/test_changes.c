#include "tokens/changes.h"

#include <stdlib.h>
#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"

static struct record before, after;
static struct changes changes;
static char text[RECORD_REASON_MAX + 1];

static int
setup(void **state)
{
	(void)state;
	sample_record(&before, "alice", "laptop");
	before.description[0] = '\0';
	before.from_count = 0;
	before.expires = NOW;
	before.starts = 0;
	before.max_sessions = 0;
	after = before;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	changes_free(&changes);
	return 0;
}

static void
expect(const char *expected)
{
	changes_free(&changes);
	assert_ok(changes_find(&changes, &before, &after));
	changes_text(&changes, text);
	assert_string_equal(text, expected);
}

static void
test_nothing(void **state)
{
	(void)state;
	/* What edit does not set is none of its changes. */
	after.state = RECORD_REVOKED;
	after.uncut = NOW + DAY;
	expect("");
	assert_int_equal(changes.count, 0);
}

static void
test_one_field_each(void **state)
{
	(void)state;
	strcpy(after.name, "desktop");
	expect("name: laptop -> desktop");
	after = before;
	strcpy(after.description, "for \xc3\xb6 tests");
	expect("description: - -> for \xc3\xb6 tests");
	after = before;
	strcpy(before.services, "sshd");
	strcpy(after.services, "sshd,vsftpd");
	expect("services: sshd -> sshd,vsftpd");
	after = before;
	strcpy(before.scopes, "read");
	strcpy(after.scopes, "read,write");
	expect("scopes: read -> read,write");
	after = before;
	assert_true(network_parse("192.0.2.0/24", &after.from[0]));
	after.from_count = 1;
	expect("from: any -> 192.0.2.0/24");
	after = before;
	after.expires = TIME_NEVER;
	expect("expires: 2027-01-15T08:00:00Z -> never");
	after = before;
	after.starts = NOW;
	expect("starts: - -> 2027-01-15T08:00:00Z");
	after = before;
	after.max_sessions = 3;
	expect("max_sessions: - -> 3");
}

static void
test_in_order(void **state)
{
	(void)state;
	strcpy(after.name, "desktop");
	after.expires = TIME_NEVER;
	expect("name: laptop -> desktop; "
	       "expires: 2027-01-15T08:00:00Z -> never");
	assert_int_equal(changes.count, 2);
	assert_string_equal(changes.list[1].field, "expires");
	assert_string_equal(changes.list[1].before, "2027-01-15T08:00:00Z");
	assert_string_equal(changes.list[1].after, "never");
}

/* Only what is behind the cut differs: it is a change all the same. */
static void
test_end_of_a_long_value(void **state)
{
	(void)state;
	memset(before.services, 's', RECORD_SERVICES_MAX);
	memset(after.services, 's', RECORD_SERVICES_MAX);
	after.services[RECORD_SERVICES_MAX - 1] = 't';
	changes_free(&changes);
	assert_ok(changes_find(&changes, &before, &after));
	assert_int_equal(changes.count, 1);
	changes_text(&changes, text);
	assert_int_equal(strlen(text), RECORD_REASON_MAX);
	assert_non_null(strstr(text, "sss... -> sss"));
}

/* A short value keeps its length beside a long one. */
static void
test_the_longest_is_cut(void **state)
{
	char expected[RECORD_REASON_MAX + 64] = "description: - -> ";

	(void)state;
	memset(after.description, 'd', PARSE_DESCRIPTION_MAX);
	after.expires = TIME_NEVER;
	memset(expected + strlen(expected), 'd', 195);
	strcat(expected, "...; expires: 2027-01-15T08:00:00Z -> never");
	expect(expected);
}

/* Every field is named, and no character of UTF-8 is cut in two. */
static void
test_all_are_long(void **state)
{
	static const char *const FIELDS[] = {
	    "name: ", "; description: ", "; services: ", "; scopes: ",
	    "; from: ", "; expires: ", "; starts: ", "; max_sessions: "};

	(void)state;
	for (size_t i = 0; i + 1 < PARSE_DESCRIPTION_MAX; i += 2) {
		memcpy(before.description + i, "\xc3\xa4", 3);
		memcpy(after.description + i, "\xc3\xb6", 3);
	}
	memset(after.name, 'n', PARSE_NAME_MAX);
	memset(after.services, 's', RECORD_SERVICES_MAX);
	memset(after.scopes, 'c', RECORD_SCOPES_MAX);
	memset(after.from, 0x20, sizeof(after.from));
	after.from_count = RECORD_NETWORKS_MAX;
	after.expires = TIME_NEVER;
	after.starts = NOW;
	after.max_sessions = RECORD_MAX_SESSIONS;
	assert_ok(changes_find(&changes, &before, &after));
	changes_text(&changes, text);
	for (size_t i = 0; i < COUNT_OF(FIELDS); i++)
		assert_row(FIELDS[i], strstr(text, FIELDS[i]) != NULL);
	assert_true(parse_is_printable(text, RECORD_REASON_MAX));
	assert_non_null(strstr(text, "\xc3\xa4... -> \xc3\xb6"));
}

int
main(void)
{
#define CHANGES_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
	    CHANGES_TEST(test_nothing),
	    CHANGES_TEST(test_one_field_each),
	    CHANGES_TEST(test_in_order),
	    CHANGES_TEST(test_end_of_a_long_value),
	    CHANGES_TEST(test_the_longest_is_cut),
	    CHANGES_TEST(test_all_are_long),
	};

	return unit_run(tests);
}
