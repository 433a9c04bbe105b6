/*
 * A store with a past: tokens in every state, of which older versions lie all
 * over the file, and what the store was at three moments of it. What each
 * image lets in is known from how it was made.
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
	 * A writer was killed in the midst of a commit, with all its writes
	 * done: the next to open the store brings back PAST_NEW.
	 */
	PAST_HALF,
	/* What that commit would have made of it; there is no image. */
	PAST_NEXT,
	PAST_MOMENTS,
};

struct past_token {
	char text[TOKEN_LEN + 1];
	const char *as; /* who logs in with it */
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

/* Makes it in the scratch's store, which is empty, and leaves it as it is. */
void past_make(struct past *past, const struct scratch *scratch);

void past_free(struct past *past);

/*
 * From now on what the core draws at random follows from the number alone. For
 * programs that are linked with --wrap=getrandom.
 */
void past_seed(uint64_t seed);

#endif
