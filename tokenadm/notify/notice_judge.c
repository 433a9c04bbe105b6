#include "notify/notice_judge.h"

#include "base/list.h"

void
notice_read_before(
    const struct notify_policy *policy, int64_t before[NOTIFY_BEFORE_MAX])
{
	const char *rest = policy->before;
	char word[LIST_WORD_MAX + 1];

	for (size_t i = 0; i < NOTIFY_BEFORE_MAX; i++) {
		before[i] = 0;
		if (list_next(&rest, word))
			(void)parse_duration(word, &before[i]);
	}
}

/* When it ended, by whatever came first; TIME_NEVER: it has not. */
static int64_t
end_of(const struct record *record, int64_t now)
{
	if (record->state != RECORD_ACTIVE &&
	    record->ended.at < record->expires)
		return record->ended.at;
	return record->expires <= now ? record->expires : TIME_NEVER;
}

/* The shortest of the times that have begun; 0: none. */
static int64_t
shortest_begun(const int64_t before[NOTIFY_BEFORE_MAX], int64_t left)
{
	int64_t shortest = 0;

	for (size_t i = 0; i < NOTIFY_BEFORE_MAX; i++) {
		if (before[i] >= left &&
		    (shortest == 0 || before[i] < shortest))
			shortest = before[i];
	}
	return shortest;
}

struct notice
notice_judge(const struct record *record, const struct notice_told *told,
    const int64_t before[NOTIFY_BEFORE_MAX], int64_t since, int64_t now)
{
	struct notice notice = {.record = record, .now = now};
	bool was_told = told->before != 0 && told->expires == record->expires;
	int64_t ended = end_of(record, now), begun;

	if (record->lifetime != RECORD_LASTING || record->successor[0] != '\0')
		return notice;
	if (ended != TIME_NEVER) {
		if (ended >= since && ended != told->ended)
			notice.kind = NOTICE_ENDED;
		notice.ended = ended;
		return notice;
	}
	if (record->expires == TIME_NEVER)
		return notice;
	begun = shortest_begun(before, record->expires - now);
	if (begun != 0 && (!was_told || begun < told->before)) {
		notice.kind = NOTICE_EXPIRES;
		notice.before = begun;
	}
	return notice;
}

void
notice_note(struct notice_told *told, const struct notice *notice)
{
	if (notice->kind == NOTICE_ENDED) {
		told->ended = notice->ended;
		return;
	}
	told->expires = notice->record->expires;
	told->before = notice->before;
}

bool
notice_is_past(const struct notice_told *told, int64_t since)
{
	return (told->before == 0 || told->expires < since) &&
	    (told->ended == 0 || told->ended < since);
}
