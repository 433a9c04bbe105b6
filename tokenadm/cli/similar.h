/* What somebody may have meant who wrote a word that is not known. */
#ifndef TOKENADM_SIMILAR_H
#define TOKENADM_SIMILAR_H

#include <stddef.h>

#define SIMILAR_WORD_MAX 64 /* bytes; a longer word is like none */

/* The known word that is most like the one that was given. */
struct similar {
	const char *given;
	char best[SIMILAR_WORD_MAX + 1]; /* "": none is like it */
	size_t distance;                 /* of best */
};

/* Begins with nothing; given must outlive it. */
void similar_begin(struct similar *similar, const char *given);

/*
 * Considers a known word. It is like the given one, in any case, if the given
 * one is its beginning (three letters at least), or if few letters differ: at
 * most one in three is wrong, missing, too many, or swapped with its neighbour.
 * Of several as like, the first in strcmp's order is kept.
 */
void similar_offer(struct similar *similar, const char *known);

#define SIMILAR_HINT_SIZE (SIMILAR_WORD_MAX + 32)

/* Sets hint to `; did you mean WORD?`, or to "" if there is none. */
void similar_hint(const struct similar *similar, char hint[SIMILAR_HINT_SIZE]);

#endif
