#include "fleet/fleet_agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/retry.h"
#include "cli/daemon_signals.h"
#include "cli/sd_notify.h"
#include "fleet/agent_pass.h"
#include "session/rundir.h"

#define LOCK_NAME "agent.lock"
#define PAUSE 2000 /* milliseconds between two passes */
#define JITTER 4   /* the part of it that is added or taken at most */
#define SOON 100   /* until one that waits for what will be told */
#define LEAST 60   /* for which an engine can wait */

/* Two would undo each other's heartbeat. *fd: close it to end the lock. */
static enum err
take_turn(int *fd, struct error *why)
{
	int dir = -1;
	enum err rc = rundir_open(&dir, RUNDIR, RUNDIR_FLEET, RUNDIR_MAKE, why);

	*fd = -1;
	if (rc != ERR_OK)
		return rc;
	*fd = retry_openat(dir, LOCK_NAME,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	(void)close(dir);
	if (*fd < 0)
		return error_set(why, ERR_SYSTEM,
		    RUNDIR "/" RUNDIR_FLEET "/" LOCK_NAME ": cannot open: %s",
		    strerror(errno));
	if (retry_flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	return error_set(why, ERR_BUSY,
	    "another agent runs already: systemctl status apitoken-fleet");
}

static bool
is_told_to_end(int signals, bool *reads_config)
{
	struct signalfd_siginfo info;
	bool ends = false;

	while (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			*reads_config = true;
		else if (info.ssi_signo != SIGCHLD)
			ends = true;
	}
	return ends;
}

/* Not all machines at the same moment. */
static int64_t
next_pass(const struct agent *agent)
{
	const struct fleet_engine *engine = agent->engine.calls;
	int64_t pause = engine->pause == NULL
	    ? PAUSE
	    : engine->pause(&agent->context->config);
	uint32_t random = 0;

	if (agent->is_behind)
		return deadline_in(SOON);
	if (crypto_random(&random, sizeof(random)) != ERR_OK)
		return deadline_in(pause);
	return deadline_in(
	    pause - pause / JITTER + random % (2 * pause / JITTER + 1));
}

static enum err
read_config_again(struct agent *agent)
{
	struct context *context = agent->context;
	enum err rc;

	agent_end(agent);
	config_free(&context->config);
	rc = config_read(
	    &context->config, context->config_file, &context->error);
	return rc == ERR_OK ? agent_begin(agent, context) : rc;
}

static bool
is_woken(int signals, int64_t until)
{
	struct pollfd woken = {.fd = signals, .events = POLLIN};

	return poll(&woken, 1, deadline_poll(until)) != 0;
}

/*
 * Until the next pass is due, what is told is applied at once. An engine that
 * cannot wait keeps no pass from its time: that says what is wrong with it.
 */
static void
wait_for_pass(struct agent *agent, int signals)
{
	const struct engine *engine = &agent->engine;
	int64_t due = next_pass(agent);
	struct error why;

	do {
		if (deadline_left(due) < LEAST ||
		    engine->calls->wait(engine->state, &agent->news, signals,
			due, &why) != ERR_OK) {
			(void)is_woken(signals, due);
			return;
		}
	} while (!is_woken(signals, 0) && agent_take_news(agent));
}

static enum err
loop(struct agent *agent, int signals)
{
	bool reads_config = false;
	enum err rc = ERR_OK;

	notify_manager("READY=1");
	while (rc == ERR_OK) {
		agent_pass(agent);
		wait_for_pass(agent, signals);
		if (is_told_to_end(signals, &reads_config))
			break;
		if (reads_config)
			rc = read_config_again(agent);
		reads_config = false;
	}
	notify_manager("STOPPING=1");
	return rc;
}

static enum err
run(struct context *context, bool is_once, int signals)
{
	struct agent *agent = calloc(1, sizeof(*agent));
	enum err rc;

	if (agent == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	rc = agent_begin(agent, context);
	agent->is_once = is_once;
	if (rc == ERR_OK && is_once)
		agent_pass(agent);
	else if (rc == ERR_OK)
		rc = loop(agent, signals);
	if (rc == ERR_OK && is_once && agent->has_failed)
		rc = error_shown(&context->error);
	agent_end(agent);
	free(agent);
	return rc;
}

enum err
fleet_agent(struct context *context, bool is_once)
{
	int turn = -1, signals = -1;
	enum err rc = take_turn(&turn, &context->error);

	if (rc == ERR_OK && !is_once)
		rc = daemon_signals_open(&signals, &context->error);
	if (rc == ERR_OK)
		rc = run(context, is_once, signals);
	if (signals >= 0)
		(void)close(signals);
	if (turn >= 0)
		(void)close(turn);
	return rc;
}
