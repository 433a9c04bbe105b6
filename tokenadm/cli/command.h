/*
 * What a subcommand is, and what it gets. Each has its own file, which defines
 * one struct command; tokenadm.c lists them.
 */
#ifndef TOKENADM_COMMAND_H
#define TOKENADM_COMMAND_H

#include <stdint.h>

#include "base/error.h"
#include "cli/args.h"
#include "config/config.h"
#include "lifecycle/owner_tokens.h"

struct command;
struct fleet_side;

/* What every command works with. */
struct context {
	struct config config;
	const char *config_file; /* from --config; NULL: the system's */
	int64_t now;             /* seconds */
	/* Whose tokens it is about, at the door; NULL: root's command */
	const struct token_owner *self;
	/*
	 * Before the door: what asks there, once the arguments are complete;
	 * NULL: the command works here.
	 */
	enum err (*ask)(struct context *context, const struct command *command,
	    const struct args *args);
	struct fleet_side *fleet; /* with --fleet: fleet_side.h; or NULL */
	bool is_json;             /* failures also as JSON: --json is given */
	bool is_reported;         /* what went wrong was shown already */
	enum err config_rc;       /* the result of reading it, and why: */
	struct error config_error;
	struct error error; /* shown on standard error */
};

struct command {
	const char *name;
	const char *operands; /* for the usage; "" for none */
	int least, most;      /* number of operands; most < 0: no limit */
	const char *summary;
	bool needs_no_config;              /* runs with defaults if it is bad */
	const struct option_spec *options; /* ends with a NULL name */
	void (*help_more)(void); /* prints the end of its help; NULL: none */
	/* Sets context->error if it fails; may leave it with ERR_REFUSED. */
	enum err (*run)(struct context *context, const struct args *args);
};

/*
 * Parses the arguments of a command, the first of which is its name, and counts
 * its operands. Errors as args_parse.
 */
enum err command_parse(const struct command *command, struct args *args,
    int argc, char **argv, struct error *why);

extern const struct command command_approve;
extern const struct command command_backup;
extern const struct command command_check;
extern const struct command command_delete;
extern const struct command command_doctor;
extern const struct command command_door;
extern const struct command command_edit;
extern const struct command command_fleet;
extern const struct command command_init;
extern const struct command command_issue;
extern const struct command command_list;
extern const struct command command_notify;
extern const struct command command_offer;
extern const struct command command_restore;
extern const struct command command_revoke;
extern const struct command command_rotate;
extern const struct command command_sessions;
extern const struct command command_show;
extern const struct command command_sweep;
extern const struct command command_verify;
extern const struct command command_watch;

#endif
