/*
 * Which faults are tried: every call and every allocation of a run, each in
 * every way; or some of them, chosen by a seed.
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
	size_t count; /* of those that are tried */
	uint64_t state;
};

/*
 * Plans faults for a run in which this much was seen. Outside the long form
 * (APITOKEN_TORTURE=yes), no more than `few` are tried, chosen by
 * APITOKEN_SEED. APITOKEN_CASE, in the form of plan_name, is tried alone.
 */
void plan_start(struct plan *plan, const struct inject_seen *undisturbed,
    enum plan_kind kind, size_t few);

/* The next one; false after the last. */
bool plan_next(struct plan *plan, struct inject *inject);

#define PLAN_NAME 64

/* Its name for APITOKEN_CASE; and the reverse, false if it is no such name. */
void plan_name(const struct inject *inject, char name[PLAN_NAME]);
bool plan_parse(const char *name, struct inject *inject);

/* What it is, and what it hit: `write (17th call) EIO`. Static. */
const char *plan_text(
    const struct inject *inject, const struct inject_seen *seen);

/* The seed, which is APITOKEN_SEED or 1. */
uint64_t plan_seed(void);

#endif
