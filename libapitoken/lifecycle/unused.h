/*
 * Ends tokens that have not been used for longer than [policy] max_unused. The
 * time begins with the latest of issue, start, approval, last use, and what
 * store/usage_clock.h says; only sweep and watch judge it, no login.
 */
#ifndef APITOKEN_UNUSED_H
#define APITOKEN_UNUSED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "store/store.h"
#include "store/usage_clock.h"
#include "token/record.h"

#define UNUSED_REASON "unused" /* of the deactivation */

/* The shortest max_unused of any policy; TIME_NEVER: there is none. */
int64_t unused_least(const struct config *config);

/*
 * For how many seconds the token has not been used, as far as they count.
 * last_use is 0 if none is known.
 */
int64_t unused_for(const struct record *record, int64_t last_use,
    const struct usage_clock *clock);

/* What makes a token end. */
struct unused {
	int64_t most;     /* its policy's max_unused */
	int64_t last_use; /* 0: none is known */
	const struct usage_clock *clock;
};

/*
 * Deactivates the token with this id, within a change, if it is still unused
 * for so long: it may have been approved since it was looked at. Sets *record
 * and *changed. Errors as store_put.
 */
enum err unused_end(struct store *store, const char *id,
    const struct unused *unused, const struct record_event *event,
    struct record *record, bool *changed, struct error *why);

#endif
