/*
 * Which faults are tried: every call and every allocation of a run, each in
 * every way; or, of all of these, some that a seed chooses.
 */
#ifndef APITOKEN_PLAN_H
#define APITOKEN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inject.h"

enum plan_kind {
	PLAN_FAULTS,
	PLAN_KILLS, /* at every call */
};

struct plan {
	struct inject_seen undisturbed; /* what the run does without faults */
	enum plan_kind kind;
	size_t all, tried;
	size_t count; /* of those tried in the end */
	uint64_t state;
};

/*
 * Plans for a run in which so much was seen. No more than `few` are tried but
 * in the long form (APITOKEN_TORTURE=yes); which, APITOKEN_SEED decides.
 * APITOKEN_CASE, as plan_name writes it, is tried alone.
 */
void plan_start(struct plan *plan, const struct inject_seen *undisturbed,
    enum plan_kind kind, size_t few);

/* The next one; false after the last. */
bool plan_next(struct plan *plan, struct inject *inject);

#define PLAN_NAME 64

/* How APITOKEN_CASE names it; and back, false if it is no such name. */
void plan_name(const struct inject *inject, char name[PLAN_NAME]);
bool plan_parse(const char *name, struct inject *inject);

/* What it is, and what it hit: `write (17th call) EIO`. Static. */
const char *plan_text(
    const struct inject *inject, const struct inject_seen *seen);

/* The seed, which is APITOKEN_SEED or 1. */
uint64_t plan_seed(void);

#endif
