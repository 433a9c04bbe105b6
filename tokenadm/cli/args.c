#include "cli/args.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/network.h"
#include "cli/similar.h"

/* The number of options in a table; a longer one is a bug. */
static int
count(const struct option_spec *specs)
{
	int n = 0;

	while (specs[n].name != NULL)
		n++;
	assert(n <= ARGS_OPTIONS_MAX);
	return n;
}

/* An option that is not in the table; names the one that is most like it. */
static enum err
no_option(
    const char *option, const struct option_spec *specs, struct error *why)
{
	char given[SIMILAR_WORD_MAX + 1], known[SIMILAR_WORD_MAX + 1];
	char hint[SIMILAR_HINT_SIZE];
	struct similar similar;

	/* Without the value that is joined to it. */
	(void)snprintf(
	    given, sizeof(given), "%.*s", (int)strcspn(option, "="), option);
	similar_begin(&similar, given);
	for (; specs->name != NULL; specs++) {
		(void)snprintf(known, sizeof(known), "--%s", specs->name);
		if (strcmp(given, known) == 0)
			return error_set(
			    why, ERR_USAGE, "%s: it takes no argument", given);
		similar_offer(&similar, known);
	}
	similar_hint(&similar, hint);
	return error_set(why, ERR_USAGE, "%s: no such option%s", option, hint);
}

/* The option's name in the table; NULL for one that is shortened. */
static const char *
name_of(const char *option, const struct option_spec *specs)
{
	while (specs->name != NULL &&
	    (strncmp(option, "--", 2) != 0 ||
		strcmp(option + 2, specs->name) != 0))
		specs++;
	return specs->name;
}

static enum err
bad_option(
    char code, char **argv, const struct option_spec *specs, struct error *why)
{
	/* getopt has moved past the bad argument. */
	const char *option = argv[optind - 1];

	if (code == ':')
		return error_about(why, name_of(option, specs), NULL,
		    error_set(
			why, ERR_USAGE, "%s: its argument is missing", option));
	return no_option(option, specs, why);
}

/* Adds to getopt's short option string: `:o:` for -o with an argument. */
static void
add_letter(char *letters, const struct option_spec *spec)
{
	size_t len = strlen(letters);

	if (spec->letter == '\0')
		return;
	letters[len++] = spec->letter;
	if (spec->argument != NULL)
		letters[len++] = ':';
	letters[len] = '\0';
}

/* The table index of the option that getopt found: a letter, or which. */
static int
place_of(const struct option_spec *specs, int code, int which)
{
	if (code == 0)
		return which;
	for (int i = 0; specs[i].name != NULL; i++) {
		if (specs[i].letter == code)
			return i;
	}
	return -1;
}

enum err
args_parse(struct args *args, const struct option_spec *specs, int argc,
    char **argv, struct error *why)
{
	struct option options[ARGS_OPTIONS_MAX + 1] = {{0}};
	char letters[2 * ARGS_OPTIONS_MAX + 2] = ":";
	int code, which = 0, n = count(specs);

	*args = (struct args){.specs = specs};
	for (int i = 0; i < n; i++) {
		options[i].name = specs[i].name;
		options[i].has_arg = specs[i].argument != NULL
		    ? required_argument
		    : no_argument;
		add_letter(letters, &specs[i]);
	}
	opterr = 0;
	optind = 0; /* reset: getopt_long(3), NOTES */
	while (
	    (code = getopt_long(argc, argv, letters, options, &which)) != -1) {
		which = place_of(specs, code, which);
		if (which < 0)
			return bad_option((char)code, argv, specs, why);
		if (args->values[which] != NULL)
			return error_about(why, specs[which].name, NULL,
			    error_set(why, ERR_USAGE, "--%s: given twice",
				specs[which].name));
		args->values[which] = optarg != NULL ? optarg : "";
	}
	args->operands = argv + optind;
	args->operand_count = argc - optind;
	return ERR_OK;
}

/* Its number in the table; -1: there is none of that name. */
static int
find(const struct args *args, const char *name)
{
	for (int i = 0; args->specs[i].name != NULL; i++) {
		if (strcmp(args->specs[i].name, name) == 0)
			return i;
	}
	return -1;
}

const char *
args_look(const struct args *args, const char *name)
{
	int which = find(args, name);

	return which >= 0 ? args->values[which] : NULL;
}

const char *
args_get(const struct args *args, const char *name)
{
	assert(find(args, name) >= 0 && "an option that is in no table");
	return args_look(args, name);
}

void
args_set(struct args *args, const char *name, const char *value)
{
	int which = find(args, name);

	if (which >= 0)
		args->values[which] = value;
}

bool
args_has(const struct args *args, const char *name)
{
	return args_get(args, name) != NULL;
}

bool
args_stands(int argc, char **argv, const char *option)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], option) == 0)
			return true;
	}
	return false;
}

enum err
args_check_from(const char *from, struct error *why)
{
	struct network address;

	if (from == NULL || network_parse_address(from, &address))
		return ERR_OK;
	return error_about(why, "from", NULL,
	    error_set(why, ERR_USAGE,
		"--from: not a numeric address: give it as 192.0.2.7 or "
		"2001:db8::7"));
}

enum err
args_require(const struct args *args, const char *name, const char **value,
    struct error *why)
{
	*value = args_get(args, name);
	if (*value == NULL)
		return error_about(why, name, NULL,
		    error_set(why, ERR_USAGE, "--%s: has to be given", name));
	return ERR_OK;
}
