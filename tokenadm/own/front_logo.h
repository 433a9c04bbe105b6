/*
 * The logo that issue and edit take, on its way to the door: a file is read and
 * checked here, with the rights of who asks, before anything else; standard
 * input is read when the door wants it, behind the line with the password, if
 * one was asked for.
 */
#ifndef TOKENADM_FRONT_LOGO_H
#define TOKENADM_FRONT_LOGO_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/args.h"
#include "token/logo.h"

struct front_logo {
	bool is_input;     /* it is on standard input */
	struct logo *file; /* or this one; NULL: there is none to give */
	size_t sent;       /* bytes of it */
};

/*
 * Reads the file that the option --logo names, if there is one among the
 * arguments. End it with front_logo_end. ERR_INVALID, ERR_SYSTEM, ERR_NOMEM.
 */
enum err front_logo_begin(
    struct front_logo *logo, const struct args *args, struct error *why);

/* The value of an option as the door gets it: no file's name. */
const char *front_logo_value(const struct option_spec *spec, const char *value);

/*
 * Sends the next piece to the door at fd, or that there is no more. ERR_SYSTEM;
 * ERR_DAMAGED: there is nothing to give.
 */
enum err front_logo_send(struct front_logo *logo, int fd, struct error *why);

void front_logo_end(struct front_logo *logo);

#endif
