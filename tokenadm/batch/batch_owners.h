/* The accounts and policies of many users (see account_set.h). */
#ifndef TOKENADM_BATCH_OWNERS_H
#define TOKENADM_BATCH_OWNERS_H

#include <stddef.h>

#include "account/account_set.h"
#include "base/error.h"
#include "cli/command.h"

struct owner {
	const struct account_set_entry *account;
	const struct policy *policy;
	const char *problem; /* why it cannot own a token; NULL if it can */
	/* for the caller: tokens to issue, how many are too many, first line */
	size_t due, excess, line;
	struct owner *next; /* in order of addition */
};

struct owners {
	struct account_set accounts;
	struct owner *first, **end;
	struct policy_copy *policies;
};

/* Starts empty; free with owners_free. */
void owners_start(struct owners *owners);

/* The owner with that name, added if new; NULL without memory. */
struct owner *owners_get(struct owners *owners, const char *name);

/*
 * Looks all of them up, and judges them as account_lookup and policy_for do.
 * Once `enough` owners have a problem, those that would need the name services
 * get one without being asked about. The strings belong to owners and to the
 * context's config. ERR_SYSTEM, ERR_NOMEM.
 */
enum err owners_look_up(
    struct owners *owners, struct context *context, size_t enough);

void owners_free(struct owners *owners);

#endif
