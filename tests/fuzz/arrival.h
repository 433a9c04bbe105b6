/*
 * The hand-off in the model: what authenticate has sent, and what must follow
 * from what a process finds.
 */
#ifndef APITOKEN_ARRIVAL_H
#define APITOKEN_ARRIVAL_H

#include "login.h"

/* What authenticate has sent to another process after accepting a token. */
struct arrival_capture {
	struct process receiver;
	char proof[HANDOFF_PROOF_LEN + 1];
	uint8_t bytes[MACHINE_FILE_MAX];
	size_t len;
	struct login_model model;
	int64_t at; /* seconds */
};
#define ARRIVAL_CAPTURES_MAX 64 /* in one script */

/* The latest, or the one this many before it; an empty one if there is none. */
const struct arrival_capture *arrival_captured(unsigned before);

/* Forgets them. */
void arrival_reset(void);

/*
 * Records what an accepting authenticate has sent to its parent, if anything.
 */
void arrival_capture(struct login *login);

enum arrival {
	ARRIVAL_NONE,  /* nothing that could be one was found */
	ARRIVAL_KNOWN, /* something, and what must come of it unless calls fail
			*/
	ARRIVAL_UNKNOWN,
};

/* Sets in model what a process that has settled nothing must conclude. */
enum arrival arrival_expect(struct login_model *model, struct login *login,
    const struct truth_line *line);

#endif
