/* notice_text.h: what is told. */
#include "notify/notice_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"

static struct record record;

static int
setup(void **state)
{
	(void)state;
	sample_record(&record, "alice", "backup");
	strcpy(record.id, "0123456789");
	record.expires = NOW + 3 * DAY;
	return 0;
}

static struct notice
soon(void)
{
	return (struct notice){NOTICE_EXPIRES, &record, 14 * DAY, 0, NOW};
}

static struct notice
ended(int64_t when)
{
	return (struct notice){NOTICE_ENDED, &record, 0, when, NOW};
}

static void
expect_next(const struct notice *notice, const char *want)
{
	char text[NOTICE_NEXT_SIZE];

	notice_next(notice, text);
	assert_string_equal(text, want);
}

static void
test_what_to_type(void **state)
{
	struct notice notice = soon();

	(void)state;
	expect_next(&notice, "tokenadm rotate 0123456789");
	notice = ended(record.expires);
	expect_next(&notice, "tokenadm rotate 0123456789");
	notice = ended(NOW);
	record.state = RECORD_DEACTIVATED;
	expect_next(&notice, "tokenadm approve 0123456789");
	record.state = RECORD_REVOKED;
	expect_next(&notice, "tokenadm issue");
}

static void
expect_json(const struct notice *notice, const char *want)
{
	json_t *object = notice_json(notice);
	char *text = json_dumps(object, JSON_PRESERVE_ORDER);

	assert_non_null(text);
	assert_string_equal(text, want);
	free(text);
	json_decref(object);
}

static void
test_json(void **state)
{
	struct notice notice = soon();

	(void)state;
	record.uid = 1000;
	strcpy(record.services, "sshd,vsftpd");
	expect_json(&notice,
	    "{\"notice\": \"expires\", \"id\": \"0123456789\", "
	    "\"user\": \"alice\", \"uid\": 1000, \"name\": \"backup\", "
	    "\"services\": [\"sshd\", \"vsftpd\"], \"state\": \"active\", "
	    "\"reason\": null, \"expires\": \"2027-01-18T08:00:00Z\", "
	    "\"ended\": null, \"before\": 1209600, "
	    "\"next\": \"tokenadm rotate 0123456789\"}");
	record.state = RECORD_REVOKED;
	record.ended = (struct record_event){.at = NOW, .reason = "le\"aked"};
	notice = ended(NOW);
	expect_json(&notice,
	    "{\"notice\": \"ended\", \"id\": \"0123456789\", "
	    "\"user\": \"alice\", \"uid\": 1000, \"name\": \"backup\", "
	    "\"services\": [\"sshd\", \"vsftpd\"], \"state\": \"revoked\", "
	    "\"reason\": \"le\\\"aked\", "
	    "\"expires\": \"2027-01-18T08:00:00Z\", "
	    "\"ended\": \"2027-01-15T08:00:00Z\", \"before\": null, "
	    "\"next\": \"tokenadm issue\"}");
}

static void
test_mail(void **state)
{
	struct notice notice = soon();
	char *text;

	(void)state;
	strcpy(record.name, "B\xc3\xbcro");
	strcpy(record.services, "sshd");
	assert_ok(notice_mail(&notice, &text, &why));
	assert_string_equal(text,
	    "To: alice\nSubject: API token 0123456789 expires soon\n"
	    "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=UTF-8\n"
	    "Content-Transfer-Encoding: 8bit\n\n"
	    "Your API token \"B\xc3\xbcro\" (0123456789, for sshd)\n"
	    "expires at 2027-01-18T08:00:00Z.\n\n"
	    "The administrator of this machine can give you a new one, or "
	    "this one back:\n\n    # tokenadm rotate 0123456789\n");
	free(text);
	record.state = RECORD_DEACTIVATED;
	record.ended = (struct record_event){.at = NOW, .reason = "unused"};
	notice = ended(NOW);
	assert_ok(notice_mail(&notice, &text, &why));
	assert_non_null(strstr(text, "0123456789 has ended\n"));
	assert_non_null(
	    strstr(text, "is deactivated since 2027-01-15T08:00:00Z: unused."));
	free(text);
}

static void
test_to_whom_no_mail_goes(void **state)
{
	static const char *const NAMES[] = {"-oi", "-oQ/tmp", ".x", "a b",
	    "a@b", "|x", "/tmp/x", "a,b", "\"a\"", "b\xc3\xb6rg"};
	struct notice notice = soon();
	char *text;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		strcpy(record.user, NAMES[i]);
		assert_err(ERR_INVALID, notice_mail(&notice, &text, &why));
		assert_null(text);
	}
}

#define TEXT_TEST(test) cmocka_unit_test_setup(test, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEXT_TEST(test_what_to_type),
	    TEXT_TEST(test_json),
	    TEXT_TEST(test_mail),
	    TEXT_TEST(test_to_whom_no_mail_goes),
	};

	return unit_run(tests);
}
