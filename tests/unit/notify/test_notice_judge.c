/* notice_judge.h: which notice is due. */
#include "notify/notice_judge.h"

#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"

static const int64_t BEFORE[NOTIFY_BEFORE_MAX] = {3 * DAY, 14 * DAY};

/* Days from now; an end is ago. */
struct row {
	const char *name;
	int64_t left;              /* until its expiry */
	int64_t told_before;       /* in days */
	int64_t told_left;         /* the expiry that was told */
	enum record_state state;   /* 0: active */
	int64_t ended, told_ended; /* ago */
	enum notice_kind kind;
	int64_t before; /* in days */
};

static const struct row ROWS[] = {
    {"far away", 15, 0, 0, 0, 0, 0, NOTICE_NONE, 0},
    {"14 days", 14, 0, 0, 0, 0, 0, NOTICE_EXPIRES, 14},
    {"told", 14, 14, 14, 0, 0, 0, NOTICE_NONE, 0},
    {"told, and later", 5, 14, 5, 0, 0, 0, NOTICE_NONE, 0},
    {"3 days", 3, 14, 3, 0, 0, 0, NOTICE_EXPIRES, 3},
    {"told twice", 1, 3, 1, 0, 0, 0, NOTICE_NONE, 0},
    {"missed days: the nearest only", 2, 0, 0, 0, 0, 0, NOTICE_EXPIRES, 3},
    {"edited to later", 14, 3, 3, 0, 0, 0, NOTICE_EXPIRES, 14},
    {"edited to sooner", 2, 14, 14, 0, 0, 0, NOTICE_EXPIRES, 3},
    {"edited to far away", 90, 3, 3, 0, 0, 0, NOTICE_NONE, 0},
    {"expired since", -1, 3, -1, 0, 0, 0, NOTICE_ENDED, 0},
    {"expired before", -8, 3, -8, 0, 0, 0, NOTICE_NONE, 0},
    {"expiry told", -1, 3, -1, 0, 0, 1, NOTICE_NONE, 0},
    {"revoked since", 50, 0, 0, RECORD_REVOKED, 1, 0, NOTICE_ENDED, 0},
    {"revoked before", 50, 0, 0, RECORD_REVOKED, 8, 0, NOTICE_NONE, 0},
    {"revoked soon before its end", 2, 0, 0, RECORD_REVOKED, 8, 0, NOTICE_NONE,
	0},
    {"deactivated since", 50, 0, 0, RECORD_DEACTIVATED, 1, 0, NOTICE_ENDED, 0},
    {"deactivation told", 50, 0, 0, RECORD_DEACTIVATED, 1, 1, NOTICE_NONE, 0},
    {"deactivated once more", 50, 0, 0, RECORD_DEACTIVATED, 1, 5, NOTICE_ENDED,
	0},
    {"expired, and then revoked", -8, 0, 0, RECORD_REVOKED, 1, 0, NOTICE_NONE,
	0},
};

static struct record
make(const struct row *row)
{
	struct record record;

	sample_record(&record, "alice", "t");
	record.expires = NOW + row->left * DAY;
	if (row->state != 0) {
		record.state = row->state;
		record.ended.at = NOW - row->ended * DAY;
	}
	return record;
}

static struct notice
judge(const struct record *record, const struct notice_told *told)
{
	return notice_judge(record, told, BEFORE, NOW - 7 * DAY, NOW);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		const struct row *row = &ROWS[i];
		struct record record = make(row);
		struct notice_told told = {
		    .expires = NOW + row->told_left * DAY,
		    .before = row->told_before * DAY,
		    .ended = row->told_ended == 0 ? 0
						  : NOW - row->told_ended * DAY,
		};
		struct notice notice = judge(&record, &told);

		assert_row(row->name, notice.kind == row->kind);
		assert_row(row->name, notice.before == row->before * DAY);
		if (notice.kind == NOTICE_NONE)
			continue;
		notice_note(&told, &notice);
		assert_row(
		    row->name, judge(&record, &told).kind == NOTICE_NONE);
	}
}

static void
test_of_whom_nobody_is_told(void **state)
{
	static const struct notice_told NOTHING;
	struct record record;

	(void)state;
	sample_record(&record, "alice", "t");
	record.expires = NOW + DAY;
	assert_int_equal(judge(&record, &NOTHING).kind, NOTICE_EXPIRES);
	strcpy(record.successor, "0123456789");
	assert_int_equal(judge(&record, &NOTHING).kind, NOTICE_NONE);
	record.successor[0] = '\0';
	record.lifetime = RECORD_ONCE;
	assert_int_equal(judge(&record, &NOTHING).kind, NOTICE_NONE);
	record.lifetime = RECORD_LASTING;
	record.expires = TIME_NEVER;
	assert_int_equal(judge(&record, &NOTHING).kind, NOTICE_NONE);
}

static void
test_what_is_past(void **state)
{
	struct notice_told told = {0};

	(void)state;
	assert_true(notice_is_past(&told, NOW));
	told = (struct notice_told){.expires = NOW, .before = DAY};
	assert_false(notice_is_past(&told, NOW));
	assert_true(notice_is_past(&told, NOW + 1));
	told = (struct notice_told){.ended = NOW};
	assert_false(notice_is_past(&told, NOW));
	assert_true(notice_is_past(&told, NOW + 1));
}

static void
test_the_times_of_the_config(void **state)
{
	struct notify_policy policy = {.before = "14d,1h"};
	int64_t before[NOTIFY_BEFORE_MAX];

	(void)state;
	notice_read_before(&policy, before);
	assert_true(before[0] == 14 * DAY);
	assert_true(before[1] == 3600);
	assert_true(before[2] == 0 && before[4] == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_of_whom_nobody_is_told),
	    cmocka_unit_test(test_what_is_past),
	    cmocka_unit_test(test_the_times_of_the_config),
	};

	return unit_run(tests);
}
