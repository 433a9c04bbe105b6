/* The steps of a login as doctor --login shows them. */
#ifndef TOKENADM_LOGIN_STEPS_H
#define TOKENADM_LOGIN_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "login/log_line.h"
#include "login/verdict.h"

#define STEPS_MAX 64
#define STEPS_OTHERS_MAX 32
#define STEPS_UNSEEN_MAX 8

struct step {
	const char *name;
	enum outcome outcome;
	struct error detail; /* may be "" */
};

struct steps {
	struct step list[STEPS_MAX];
	size_t count;
	bool accepted;
	const char *others[STEPS_OTHERS_MAX]; /* modules that PAM would ask */
	size_t other_count;
	struct error unseen[STEPS_UNSEEN_MAX]; /* each may refuse, too */
	size_t unseen_count;
	char reason[64]; /* of a refusal, as logged; may be "" */
	struct log_line log;
};

/* The name is not copied. */
void steps_add(struct steps *steps, const char *name, enum outcome outcome,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Adds a skipped step: what decides and could not be seen, so that it cannot be
 * told whether the login is accepted.
 */
void steps_add_unseen(struct steps *steps, const char *name, const char *what);

/* A module that a login calls and doctor does not. The name is not copied. */
void steps_add_other(struct steps *steps, const char *name);

/* Accepted, and nothing that decides is unseen. */
bool steps_are_accepted(const struct steps *steps);

void steps_set_reason(struct steps *steps, const char *reason);

/* Sets the line that would be logged, if there is one. */
void steps_set_log(struct steps *steps, const char *line);

/* Prints a table, the log line and the outcome; or JSON. ERR_NOMEM. */
enum err steps_print(
    const struct steps *steps, bool as_json, struct error *why);

#endif
