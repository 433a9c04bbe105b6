/*
 * What a subcommand is, and what it is given. Each is a file of its own that
 * defines one struct command; tokenadm.c lists them.
 */
#ifndef TOKENADM_COMMAND_H
#define TOKENADM_COMMAND_H

#include <stdint.h>

#include "base/error.h"
#include "cli/args.h"
#include "config/config.h"

/* What every command works with. */
struct context {
	struct config config;
	const char *config_file; /* as --config names it; NULL: the system's */
	int64_t now;             /* seconds */
	enum err config_rc; /* whether it could be read, and if not, why: */
	struct error config_error;
	struct error error; /* what went wrong, for standard error */
};

struct command {
	const char *name;
	const char *operands; /* as the usage shows them; "" for none */
	int least, most;      /* number of operands; most < 0: no limit */
	const char *summary;
	bool needs_no_config; /* run with the defaults where it is bad */
	const struct option_spec *options; /* ends with a name that is NULL */
	/* Fills context->error when it fails, but for ERR_REFUSED. */
	enum err (*run)(struct context *context, const struct args *args);
};

extern const struct command command_approve;
extern const struct command command_backup;
extern const struct command command_check;
extern const struct command command_delete;
extern const struct command command_doctor;
extern const struct command command_edit;
extern const struct command command_init;
extern const struct command command_issue;
extern const struct command command_list;
extern const struct command command_restore;
extern const struct command command_revoke;
extern const struct command command_rotate;
extern const struct command command_sessions;
extern const struct command command_show;
extern const struct command command_sweep;
extern const struct command command_verify;
extern const struct command command_watch;

#endif
