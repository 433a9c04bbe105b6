/* door: answers whoever has no right to the store. */
#include "cli/command.h"
#include "confirm/confirm_worker.h"
#include "door/door_listener.h"
#include "door/door_worker.h"
#include "own/own_confirm.h"

static void
confirm(struct context *context, int fd, const struct door_peer *peer)
{
	(void)context;
	if (peer->uid == 0)
		confirm_worker_run(fd);
}

static enum err
run(struct context *context, const struct args *args)
{
	const struct door_trade door = {
	    .socket = context->config.door.socket,
	    .mode = 0666,
	    .serve = door_worker_run,
	};
	static const struct door_trade CONFIRM = {
	    .socket = OWN_CONFIRM_SOCKET,
	    .mode = 0600,
	    .serve = confirm,
	};

	enum err rc;

	if (!args_has(args, "confirm"))
		return door_listener_run(context, &door);
	rc = confirm_worker_prepare(&context->error);
	return rc == ERR_OK ? door_listener_run(context, &CONFIRM) : rc;
}

static const struct option_spec OPTIONS[] = {
    {"confirm", NULL, "ask for passwords, for the door"},
    {0},
};

const struct command command_door = {
    .name = "door",
    .operands = "",
    .summary = "Answer services and users that have no right to the store",
    .options = OPTIONS,
    .run = run,
};
