/*
 * A store with a history: tokens in every state, with older versions of them
 * all over the file, and copies of the store at three moments. Which tokens
 * each image accepts is known from how it was made.
 */
#ifndef APITOKEN_DAMAGE_PAST_H
#define APITOKEN_DAMAGE_PAST_H

#include "layout.h"
#include "lib/scratch.h"
#include "token/record.h"
#include "token/token.h"

#define PAST_TOKENS 30

enum past_moment {
	PAST_OLD,
	PAST_NEW,
	/*
	 * A writer was killed in the middle of a commit, with all its writes
	 * done: the next process to open the store restores PAST_NEW.
	 */
	PAST_HALF,
	/* The result of that commit; there is no image of it. */
	PAST_NEXT,
	PAST_MOMENTS,
};

struct past_token {
	char text[TOKEN_LEN + 1];
	const char *as; /* the user who logs in with it */
	struct record record[PAST_MOMENTS];
	bool exists[PAST_MOMENTS];
	bool accepted[PAST_MOMENTS];
};

struct past {
	const struct scratch *scratch;
	struct past_token tokens[PAST_TOKENS];
	struct image image[PAST_MOMENTS];   /* of tokens.tdb */
	struct layout layout[PAST_MOMENTS]; /* of PAST_HALF: PAST_NEW's */
	struct image key, usage;
};

/* Makes it in the scratch's store, which is empty, and leaves it there. */
void past_make(struct past *past, const struct scratch *scratch);

void past_free(struct past *past);

#endif
