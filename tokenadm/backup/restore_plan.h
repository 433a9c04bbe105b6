/* What a restore would change: the tokens now against those of the backup. */
#ifndef TOKENADM_RESTORE_PLAN_H
#define TOKENADM_RESTORE_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "store/store.h"

/* In the order in which they are shown; what matters most comes last. */
enum plan_kind {
	PLAN_ADD,    /* it is not there, and could not log in afterwards */
	PLAN_CHANGE, /* it is there in another version */
	PLAN_REMOVE, /* it is not in the backup */
	PLAN_REVIVE, /* it cannot log in now, and could afterwards */
};
#define PLAN_KINDS (PLAN_REVIVE + 1)

/* What there is to be replaced. */
enum plan_now {
	PLAN_NOW_EMPTY,   /* no tokens: all of the backup's are PLAN_ADD */
	PLAN_NOW_TOKENS,  /* tokens */
	PLAN_NOW_DAMAGED, /* nothing that could be read */
};

struct plan {
	enum plan_now now;
	uint64_t count[PLAN_KINDS];
	uint64_t usable;         /* tokens of the backup that could log in */
	FILE *lists[PLAN_KINDS]; /* a line for each, but for an empty store */
};

/*
 * Compares the copies of two stores at a time, in seconds. present is NULL
 * where there is none, or a damaged one. plan is to be freed by plan_free,
 * also after an error. ERR_NEWER, ERR_SYSTEM, ERR_DAMAGED.
 */
enum err plan_make(struct plan *plan, struct store *present,
    struct store *backup, int64_t now, struct error *why);

/* Whether nothing would change. */
bool plan_is_empty(const struct plan *plan);

/* Shows it. ERR_SYSTEM. */
enum err plan_print(struct plan *plan, FILE *stream, struct error *why);

void plan_free(struct plan *plan);

#endif
