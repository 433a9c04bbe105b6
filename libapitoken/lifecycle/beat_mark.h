/*
 * When the last beat of usage_clock.h was, in the runtime directory: it shows
 * that usage.tdb is an older copy, which does not know of later uses.
 */
#ifndef APITOKEN_BEAT_MARK_H
#define APITOKEN_BEAT_MARK_H

#include <stdint.h>

/* 0: not known, as after a boot. */
int64_t beat_mark_read(const char *run);

/* Best effort. */
void beat_mark_write(const char *run, int64_t at);

#endif
