/* What a restore would change: compares present tokens with the backup's. */
#ifndef TOKENADM_RESTORE_PLAN_H
#define TOKENADM_RESTORE_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "store/store.h"

/* In the order shown; the most important comes last. */
enum plan_kind {
	PLAN_ADD,    /* missing now; could not log in afterwards */
	PLAN_CHANGE, /* present in another version */
	PLAN_REMOVE, /* not in the backup */
	PLAN_REVIVE, /* cannot log in now, and could afterwards */
};
#define PLAN_KINDS (PLAN_REVIVE + 1)

/* What the restore would replace. */
enum plan_now {
	PLAN_NOW_EMPTY,   /* no tokens: all are PLAN_ADD */
	PLAN_NOW_TOKENS,  /* tokens */
	PLAN_NOW_DAMAGED, /* unreadable */
};

struct plan {
	enum plan_now now;
	uint64_t count[PLAN_KINDS];
	uint64_t usable;         /* backup tokens that could log in */
	FILE *lists[PLAN_KINDS]; /* a line each, unless the store is empty */
};

/*
 * Compares copies of two stores, at the time now in seconds. present is NULL if
 * there is none, or it is damaged. Call plan_free in any case. ERR_NEWER,
 * ERR_SYSTEM, ERR_DAMAGED.
 */
enum err plan_make(struct plan *plan, struct store *present,
    struct store *backup, int64_t now, struct error *why);

/* Whether nothing would change. */
bool plan_is_empty(const struct plan *plan);

enum err plan_print(struct plan *plan, FILE *stream, struct error *why);

void plan_free(struct plan *plan);

#endif
