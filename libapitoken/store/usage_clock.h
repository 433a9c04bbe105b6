/*
 * How long a token has not been used, as far as that is certain. A note of a
 * use may be lost (a full disk, a restored file, a clock that was wrong), and
 * that must never cost a token. So only time counts in which uses were noted:
 * sweep and watch write a beat into usage.tdb, as a login writes its note, and
 *
 * - the time between two beats counts if they are no further apart than
 *   USAGE_CLOCK_GAP;
 * - a longer gap does not count, but what was counted before it remains, if the
 *   machine was off: the beat before it was the last one of a watch that was
 *   stopped, and there was a boot since;
 * - anything else begins the count anew, for all tokens, since any of them may
 *   have been used meanwhile: any other longer gap, any other boot, which loses
 *   what logins have left in /run (lifecycle/unnoted.h), a clock that goes back
 *   by as much, and a file that is new, another one than that of the last beat,
 *   or older than a beat that is known to have been: a copy.
 *
 * This ends tokens late rather than early. Pure.
 */
#ifndef APITOKEN_USAGE_CLOCK_H
#define APITOKEN_USAGE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/boot.h"

#define USAGE_CLOCK_GAP (INT64_C(2) * 24 * 60 * 60) /* seconds */
#define USAGE_CLOCK_PAUSES 16

struct usage_pause {
	int64_t from, to;
};

/* All zero: there has been no beat. */
struct usage_clock {
	int64_t born;  /* what was before does not count */
	int64_t at;    /* the last beat */
	uint64_t file; /* the inode of usage.tdb */
	char boot[BOOT_LEN + 1];
	bool is_stopped; /* the last beat was that of a watch that ends */
	uint32_t count;
	struct usage_pause pauses[USAGE_CLOCK_PAUSES]; /* in order */
};

struct usage_beat {
	int64_t now;
	uint64_t file;
	char boot[BOOT_LEN + 1];
	bool is_stop;  /* the last one of a watch */
	int64_t known; /* when there was one, by another account; 0: unknown */
};

/* Whether what was read makes sense. */
bool usage_clock_is_sane(const struct usage_clock *clock);

void usage_clock_beat(struct usage_clock *clock, const struct usage_beat *beat);

/* The seconds from since to the last beat that count. */
int64_t usage_clock_count(const struct usage_clock *clock, int64_t since);

#endif
