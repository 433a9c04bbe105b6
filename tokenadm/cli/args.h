/* Options and operands of a command, read from a table. */
#ifndef TOKENADM_ARGS_H
#define TOKENADM_ARGS_H

#include <stdbool.h>

#include "base/error.h"

/* One long option. Help texts, completion and the man page's test read it. */
struct option_spec {
	const char *name;     /* without the dashes */
	const char *argument; /* what the usage calls it; NULL: takes none */
	const char *help;
	char letter; /* the same as a short option; 0: it has none */
};

#define ARGS_OPTIONS_MAX 16

struct args {
	const struct option_spec *specs;
	const char *values[ARGS_OPTIONS_MAX]; /* by place in specs */
	char **operands;
	int operand_count;
};

/*
 * Reads argv[1] and on, as getopt_long(3) does: options may stand between
 * operands, and `--` ends them. An option that is unknown, ambiguous, given
 * twice, or lacks its argument is ERR_USAGE.
 */
enum err args_parse(struct args *args, const struct option_spec *specs,
    int argc, char **argv, struct error *why);

/* The option's argument ("" if it takes none), or NULL if it was not given. */
const char *args_get(const struct args *args, const char *name);

/* Whether the option was given. */
bool args_has(const struct args *args, const char *name);

/* Refuses what is no numeric address; NULL is none. ERR_USAGE. */
enum err args_check_from(const char *from, struct error *why);

/* As args_get, for an option that has to be given: ERR_USAGE without. */
enum err args_require(const struct args *args, const char *name,
    const char **value, struct error *why);

#endif
