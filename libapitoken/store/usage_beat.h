/* The clock of usage_clock.h, as it is kept in usage.tdb. */
#ifndef APITOKEN_USAGE_BEAT_H
#define APITOKEN_USAGE_BEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "store/usage_clock.h"

/*
 * Proves that uses can be noted now: writes a beat, and takes room on the disk
 * for the notes to come. Sets *clock. is_stop: watch ends. Waits for the lock
 * no longer than deadline. known is when there was a beat, as far as the caller
 * knows, or 0. Errors as db_put and lock_acquire: nothing was
 * proved, and *clock is all zero, so that nothing counts.
 */
enum err usage_beat(const struct config *config, int64_t now, int64_t known,
    bool is_stop, int64_t deadline, struct usage_clock *clock,
    struct error *why);

/*
 * What the clock would be after a beat, and writes nothing. All zero if it
 * cannot be read.
 */
void usage_beat_foresee(const struct config *config, int64_t now,
    int64_t deadline, struct usage_clock *clock);

/*
 * Begins the count anew: uses may have been noted elsewhere, as before tokens
 * were restored. Errors as usage_beat, or db_delete.
 */
enum err usage_beat_forget(
    const struct config *config, int64_t deadline, struct error *why);

/* When the last beat was, in seconds; 0: not known. */
int64_t usage_beat_last(const struct config *config, int64_t deadline);

#endif
