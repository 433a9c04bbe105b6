/*
 * Rebuilds a store from what can be read of a damaged one.
 *
 * A record's MAC proves that this store wrote it for this token, but not that
 * it is the latest: older versions, perhaps active where the token has since
 * been revoked, survive complete with header in free space and in libtdb's
 * recovery area. So a record is taken as it is only where libtdb itself finds
 * it: the chain of its hash leads to it, no chain leads to another record with
 * its id, and there is no interrupted write that can no longer be undone. That
 * holds for most tokens of any damaged file, as the place of the chains does
 * not depend on the head.
 *
 * Everything else is in doubt. If a token has no record beyond doubt, its
 * latest copy, by the times in it, is brought back, but never active: whoever
 * approves it looks at it first. Copies of tokens that a sound index does not
 * name were deleted or never committed, and stay so. So nobody gets in that the
 * undamaged store would have refused.
 *
 * Of what is issued to a fleet (fleet_issued.h), what is published goes along
 * as far as it is sound, and the outbox does not: what the engine has is the
 * newest there is, and without an outbox nothing is signed over it before it is
 * adopted.
 *
 * The new database is written beside the old one and takes its place by
 * rename(2): a crash leaves one or the other. The lock is held meanwhile.
 */
#ifndef APITOKEN_REPAIR_H
#define APITOKEN_REPAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "check/findings.h"
#include "config/config.h"

/* The reason that the owner of a deactivated token reads. */
#define REPAIR_REASON "restored from a damaged database; approve it"

enum repair_outcome {
	REPAIR_NOTHING = 0, /* all was well */
	REPAIR_PACKED,      /* all was well; compacted */
	REPAIR_REBUILT,
};

struct repair_report {
	enum repair_outcome outcome;
	struct findings findings; /* what was wrong, as check reports it */
	struct findings changed;  /* tokens brought back from a copy, or lost */
	uint64_t tokens;          /* in the new database */
	uint64_t doubtful;        /* of these, from a doubtful copy */
	uint64_t lost;            /* ids of which nothing was left */
	char kept[CONFIG_PATH_MAX + 64]; /* where the damaged one is kept */
};

/*
 * Repairs the store if it needs it; by names who does. ERR_KEY, ERR_UNSAFE,
 * ERR_NEWER, ERR_MISSING, ERR_BUSY, ERR_DAMAGED (nothing could be read),
 * ERR_EXISTS, ERR_NOMEM, ERR_SYSTEM: the store is unchanged. Free the report,
 * even after an error.
 */
enum err repair_store(struct repair_report *report, const struct config *config,
    const char *by, int64_t now, int64_t deadline, struct error *why);

void repair_report_free(struct repair_report *report);

#endif
