/* Parses a command's options and operands, by a table. */
#ifndef TOKENADM_ARGS_H
#define TOKENADM_ARGS_H

#include <stdbool.h>

#include "base/error.h"

/* One long option. Help texts, completion and the manual page's test use it. */
struct option_spec {
	const char *name;     /* without the dashes */
	const char *argument; /* its name in the usage; NULL: none */
	const char *help;
	char letter; /* its short option; 0: none */
};

#define ARGS_OPTIONS_MAX 24

struct args {
	const struct option_spec *specs;
	const char *values[ARGS_OPTIONS_MAX]; /* by index in specs */
	char **operands;
	int operand_count;
};

/*
 * Parses argv[1] and on, as getopt_long(3) does: options may stand between
 * operands, and `--` ends them. ERR_USAGE for an option that is unknown,
 * ambiguous, given twice, or lacks its argument.
 */
enum err args_parse(struct args *args, const struct option_spec *specs,
    int argc, char **argv, struct error *why);

/* The option's argument ("" if it takes none), or NULL if it was not given. */
const char *args_get(const struct args *args, const char *name);

/* The same, and NULL if the table has no such option. */
const char *args_look(const struct args *args, const char *name);

/* Whether the option was given. */
bool args_has(const struct args *args, const char *name);

/* Sets an option's argument, as if it were given; NULL: not given. */
void args_set(struct args *args, const char *name, const char *value);

/* Whether an option stands among argv[1] and on, before a `--`. */
bool args_stands(int argc, char **argv, const char *option);

/* Checks that it is a numeric address, or NULL. ERR_USAGE. */
enum err args_check_from(const char *from, struct error *why);

/* As args_get, for a required option: ERR_USAGE without it. */
enum err args_require(const struct args *args, const char *name,
    const char **value, struct error *why);

#endif
