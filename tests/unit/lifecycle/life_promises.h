/*
 * What is promised of a token and its successor, whatever a model says: derived
 * from what was done to them and how they looked.
 */
#ifndef APITOKEN_LIFE_PROMISES_H
#define APITOKEN_LIFE_PROMISES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "life_model.h"
#include "life_store.h"
#include "token/record.h"

struct promise {
	char id[TOKEN_ID_LEN + 1];
	bool is_dead; /* for ever, unless it is approved */
	/* As last seen; 0: it did not exist. */
	enum record_state state;
	int64_t expires;
	int64_t granted; /* by issue, rotate or edit: the latest expiry */
};

struct promises {
	struct promise of[BOTH];
	/* Of the last rotation: */
	struct promise made_way; /* an unused successor that it removed */
	bool was_dead[BOTH];     /* before it */
};

/* For a first token that was just issued. */
void promises_start(struct promises *promises, const struct record *first);

/* After a rotation. */
void promises_rotate(struct promises *promises);

/*
 * After an event, with the model before and after it: the broken promise, or
 * NULL.
 */
const char *promises_keep(struct promises *promises, const struct model *before,
    const struct model *after, enum event event, enum which which,
    const struct life_seen *seen);

/* Each relevant member, as text; returns its length. */
size_t promises_describe(
    const struct promises *promises, bool can_undo, char *text);

#endif
