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

/* What it says; free it with logo_option_free. */
struct logo_option {
	bool is_given;
	struct logo *logo; /* NULL: none */
};

/*
 * Reads it, with no lock held: a pipe may be slow. For who has his own tokens
 * only, at the door, no file is opened: its name is that of another process's.
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
