/* Which notice is due for a token, from what was told before. Pure. */
#ifndef TOKENADM_NOTICE_JUDGE_H
#define TOKENADM_NOTICE_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "notify/notice.h"

/* What was told about one token over one channel. */
struct notice_told {
	int64_t expires; /* its expiry at that time; another one is told anew */
	int64_t before;  /* the shortest time before it that was told; or 0 */
	int64_t ended;   /* the end that was told; or 0 */
};

/* The times of the config, in seconds; the rest is 0. */
void notice_read_before(
    const struct notify_policy *policy, int64_t before[NOTIFY_BEFORE_MAX]);

/*
 * Judges a token. Of several times before its expiry that have passed, the
 * shortest counts, once. An end is told if it was at since or later. Tokens
 * that end by their use, and those that have a successor, are not told of.
 */
struct notice notice_judge(const struct record *record,
    const struct notice_told *told, const int64_t before[NOTIFY_BEFORE_MAX],
    int64_t since, int64_t now);

/* What was told, once the notice has been sent. */
void notice_note(struct notice_told *told, const struct notice *notice);

/* Whether it can be forgotten: an end before since is not told again. */
bool notice_is_past(const struct notice_told *told, int64_t since);

#endif
