/*
 * The module's setup: its line in /etc/pam.d, and the configuration file that
 * the line names. Each is read once, and only when needed, so that an error
 * there affects logins with tokens only.
 */
#ifndef APITOKEN_MODULE_SETUP_H
#define APITOKEN_MODULE_SETUP_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "login/module_options.h"

/* Starts with the arguments of the line, which must stay valid. */
struct setup {
	int argc;
	const char *const *argv;
	bool has_options, has_config; /* they have been read */
	struct module_options options;
	struct config config;
};

/*
 * Parses the options, if that has not been done. Errors as
 * module_options_parse.
 */
enum err setup_read_options(struct setup *setup, struct error *why);

/*
 * The same for the options and the file. Errors as module_options_parse and
 * config_read_for_login.
 */
enum err setup_read_config(struct setup *setup, struct error *why);

/* Frees what has been read. */
void setup_free(struct setup *setup);

#endif
