/*
 * What a store says after a power loss, asked by the code that asks it in
 * real life: what logins come to, the records, what a check finds.
 */
#ifndef TESTS_POWER_STATE_H
#define TESTS_POWER_STATE_H

#include <stdio.h>

#include "config/config.h"
#include "token/token.h"

#define STATE_TOKENS 4096

/* What to ask, and of which store. */
struct scene {
	struct config config;
	char tokens[STATE_TOKENS][TOKEN_LEN + 1]; /* to log in with */
	size_t token_count;
	size_t known;        /* of these, the first, that nobody has to list */
	const char *service; /* to log in to */
	int64_t now;
	const char *backup;  /* a backup's path; NULL for none */
	bool is_noted;       /* uses are noted, too */
	const char *listing; /* where new tokens have to be found; likewise */
};

/* Adds a token; and each line of a text that is one. */
void scene_add(struct scene *scene, const char *token);
void scene_add_lines(struct scene *scene, const char *text, size_t len);

/*
 * Opens the store as a login does, then as a writer, and prints what it says:
 * the same text for the same contents. Then it is put to use: a token is
 * issued and, if so wanted, a login noted. False, and the last line is the
 * reason, for trouble that there must never be.
 */
bool state_describe(const struct scene *scene, FILE *out);

#endif
