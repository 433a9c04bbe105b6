/*
 * The option --logo of issue and edit: an image in a file or on standard input,
 * or none. Never more of it is read than a logo can have, and a byte.
 */
#ifndef TOKENADM_LOGO_OPTION_H
#define TOKENADM_LOGO_OPTION_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/command.h"
#include "token/logo.h"

#define LOGO_OPTION_NONE "none"
#define LOGO_OPTION_INPUT "-"
/* So that one that is too large is seen to be. */
#define LOGO_OPTION_SIZE (LOGO_BYTES_MAX + 1)

/* What it says; free it with logo_option_free. */
struct logo_option {
	bool is_given;
	struct logo *logo; /* NULL: none */
};

/* What is given for it; NULL: nothing, or the command has no such option. */
const char *logo_option_value(const struct args *args);

/* Whether it is on standard input. */
bool logo_option_is_input(const struct args *args);

/*
 * Reads it, with no lock held, and before anything is decided, since a pipe may
 * be slow: afterwards, context->now is the time again. For who has his own
 * tokens only, at the door, no file is opened: its name is that of another
 * process's.
 * ERR_INVALID, ERR_DENIED, ERR_SYSTEM, ERR_NOMEM.
 */
enum err logo_option_read(struct logo_option *option, struct context *context,
    const struct args *args);

/*
 * Reads the image that a value of the option names, not LOGO_OPTION_NONE.
 * Errors as above.
 */
enum err logo_option_load(
    struct logo *logo, const char *value, struct error *why);

/* ERR_INVALID if standard input, which is to be an image, is a terminal. */
enum err logo_option_check_input(struct error *why);

void logo_option_free(struct logo_option *option);

#endif
