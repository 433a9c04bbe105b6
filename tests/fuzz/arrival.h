/*
 * The hand-off as the model sees it: what authenticate has sent, and what must
 * become of what a process finds.
 */
#ifndef APITOKEN_ARRIVAL_H
#define APITOKEN_ARRIVAL_H

#include "login.h"

/* What an accepted authenticate has sent to another process. */
struct arrival_capture {
	struct process receiver;
	char proof[HANDOFF_PROOF_LEN + 1];
	uint8_t bytes[MACHINE_FILE_MAX];
	size_t len;
	struct login_model model;
	int64_t at; /* seconds */
};
#define ARRIVAL_CAPTURES_MAX 64 /* in one script */

/* The latest, or the one so many before it; an empty one if there is none. */
const struct arrival_capture *arrival_captured(unsigned before);

/* Forgets them. */
void arrival_reset(void);

/* Notes what an accepted authenticate has sent to its parent, if anything. */
void arrival_capture(struct login *login);

enum arrival {
	ARRIVAL_NONE,  /* there is nothing that could be one */
	ARRIVAL_KNOWN, /* something, and what must come of it unless calls fail
			*/
	ARRIVAL_UNKNOWN,
};

/* Sets in model what a process that has settled nothing must find. */
enum arrival arrival_expect(struct login_model *model, struct login *login,
    const struct truth_line *line);

#endif
