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
	const char *doubt; /* another condition for acceptance, or NULL */
	char reason[64];   /* of a refusal, as logged; may be "" */
	struct log_line log;
};

/* The name is not copied. */
void steps_add(struct steps *steps, const char *name, enum outcome outcome,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A module that a login calls and doctor does not. The name is not copied. */
void steps_add_other(struct steps *steps, const char *name);

void steps_set_reason(struct steps *steps, const char *reason);

/* Sets the line that would be logged, if there is one. */
void steps_set_log(struct steps *steps, const char *line);

/* Prints a table, the log line and the outcome; or JSON. ERR_NOMEM. */
enum err steps_print(
    const struct steps *steps, bool as_json, struct error *why);

#endif
