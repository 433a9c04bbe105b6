/*
 * The content of a store after a power loss, as seen by the real code: the
 * results of logins, the records, and what check finds.
 */
#ifndef TESTS_POWER_STATE_H
#define TESTS_POWER_STATE_H

#include <stdio.h>

#include "config/config.h"
#include "token/token.h"

#define STATE_TOKENS 4096

/* What to ask, and which store. */
struct scene {
	struct config config;
	char tokens[STATE_TOKENS][TOKEN_LEN + 1]; /* to log in with */
	size_t token_count;
	size_t
	    known; /* of these, the first, which need not be in the listing */
	const char *service; /* to log in to */
	int64_t now;
	const char *backup;  /* a backup's path; NULL for none */
	bool is_noted;       /* uses are noted as well */
	const char *listing; /* where new tokens must be found; likewise */
};

/* Adds a token; or each line of a text that is one. */
void scene_add(struct scene *scene, const char *token);
void scene_add_lines(struct scene *scene, const char *text, size_t len);

/*
 * Opens the store as a login does, then as a writer, and prints its content:
 * the same text for the same content. Then uses it: issues a token and, if
 * wanted, notes a login. False, with the reason in the last line, for trouble
 * that must never happen.
 */
bool state_describe(const struct scene *scene, FILE *out);

#endif
