/*
 * Ways to damage the bytes of a file: what disks, memory, file systems and
 * people do to it.
 */
#ifndef APITOKEN_DAMAGE_HARM_H
#define APITOKEN_DAMAGE_HARM_H

#include "layout.h"
#include "lib/unit.h"

/* A bad image: bytes, with room for more. */
struct harm {
	struct image image;
	size_t room;
	struct unit_random *random;
	/* of a database; NULL for other files */
	const struct layout *layout;
	char told[512]; /* what was done */
};

/* Starts with a copy of the good image. */
void harm_start(struct harm *harm, const struct image *good,
    const struct layout *layout, struct unit_random *random);

void harm_free(struct harm *harm);

/* Does one to three things to it, drawn at random. */
void harm_any(struct harm *harm);

/* Changes a word of the area that libtdb uses to undo a transaction. */
void harm_recovery(struct harm *harm);

/* Replaces pages with those of another image. */
void harm_mix(struct harm *harm, const struct image *other);

#endif
