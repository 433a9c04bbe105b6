/*
 * How the module is set up in one place: its line in /etc/pam.d, and the
 * configuration file that the line names. Each is read once, and not before it
 * is wanted: what is wrong there concerns tokens, and nothing but tokens.
 */
#ifndef APITOKEN_MODULE_SETUP_H
#define APITOKEN_MODULE_SETUP_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "login/module_options.h"

/* Begins with argc and argv, which must stay: the arguments of the line. */
struct setup {
	int argc;
	const char *const *argv;
	bool has_options, has_config; /* they have been read */
	struct module_options options;
	struct config config;
};

/* Reads the options, if that has not been done. As module_options_parse. */
enum err setup_read_options(struct setup *setup, struct error *why);

/* Reads the options and the file likewise. As module_options_parse and
 * config_read. */
enum err setup_read_config(struct setup *setup, struct error *why);

/* Frees what has been read. */
void setup_free(struct setup *setup);

#endif
