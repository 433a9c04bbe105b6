/* The part of a sweep that ends unused tokens; see lifecycle/unused.h. */
#ifndef TOKENADM_UNUSED_TOKENS_H
#define TOKENADM_UNUSED_TOKENS_H

#include "cli/command.h"
#include "sweep/sweeping.h"

/*
 * Writes the beat that shows that uses can be noted, deactivates the tokens
 * that have not been used for longer than the policy of their owner allows, and
 * prints which. A dry run writes nothing, and prints who would go now and in
 * the next two weeks. Where nothing is certain, no token ends, and a line says
 * why. ERR_POLICY if it stopped because it would have ended too many.
 */
enum err unused_tokens_run(struct context *context, const struct sweeping *how);

/* The last beat of a watch that ends. Best effort. */
void unused_tokens_stop(const struct config *config, int64_t now);

#endif
