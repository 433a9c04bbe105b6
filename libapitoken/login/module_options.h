/*
 * The arguments of a line in /etc/pam.d:
 *
 *	pam_apitoken.so [config=FILE] [need=SCOPE[,SCOPE]]
 *	    [confine=child|process] [debug]
 */
#ifndef APITOKEN_MODULE_OPTIONS_H
#define APITOKEN_MODULE_OPTIONS_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "token/record.h"

/* Room for the longest list that need= may give. */
#define MODULE_OPTIONS_NEED_SIZE (RECORD_SCOPES_MAX + 1)

struct module_options {
	const char *config;                  /* NULL: the system's own */
	char need[MODULE_OPTIONS_NEED_SIZE]; /* a list of scopes */
	enum confine_mode confine;
	bool debug;
};

/*
 * Parses the arguments, which must stay valid. What is not understood, or is
 * given twice, is an error. ERR_CONFIG.
 */
enum err module_options_parse(struct module_options *options, int argc,
    const char *const *argv, struct error *why);

#endif
