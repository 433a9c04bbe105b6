/* What an edit changed of a token, field by field. Pure. */
#ifndef TOKENADM_CHANGES_H
#define TOKENADM_CHANGES_H

#include <stddef.h>

#include "base/error.h"
#include "token/record.h"

#define CHANGES_MAX 12 /* fields that can be edited, at most */

struct change {
	const char *field; /* its key in the JSON */
	char *before, *after;
};

struct changes {
	struct change list[CHANGES_MAX];
	size_t count;
};

/*
 * The fields in which two states of a token differ. ERR_NOMEM. Free them with
 * changes_free, even after an error.
 */
enum err changes_find(struct changes *changes, const struct record *before,
    const struct record *after);

/*
 * All of them for people, as `FIELD: BEFORE -> AFTER; FIELD: ...`, `-` for a
 * value that is empty; "" if there are none. The longest values are cut, so
 * that every field is named.
 */
void changes_text(
    const struct changes *changes, char text[RECORD_REASON_MAX + 1]);

void changes_free(struct changes *changes);

#endif
