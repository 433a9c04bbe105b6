#include "lifecycle/unnoted.h"

#include <stdbool.h>
#include <unistd.h>

#include "session/rundir.h"
#include "store/last_use.h"
#include "store/store.h"
#include "token/token.h"

void
unnoted_leave(const char *run, const char *id, int64_t now)
{
	int dir;

	if (rundir_open(&dir, run, RUNDIR_UNNOTED, RUNDIR_MAKE, NULL) != ERR_OK)
		return;
	(void)rundir_write(dir, id, (const uint8_t *)&now, sizeof(now), NULL);
	(void)close(dir);
}

struct settling {
	const struct config *config;
	int dir;
	struct error *why;
};

/* When the use was; 0 if the file is none of ours. */
static enum err
read_time(const struct settling *settling, const char *id, int64_t *at)
{
	size_t len = 0;
	enum err rc = rundir_read(
	    settling->dir, id, (uint8_t *)at, sizeof(*at), &len, settling->why);

	if (rc != ERR_OK || len != sizeof(*at) || *at < 0)
		*at = 0;
	return rc == ERR_MISSING ? ERR_OK : rc;
}

/* A later use may have been noted since. */
static bool
is_known(const struct config *config, const char *id, int64_t at)
{
	return last_use_look(config, id, store_deadline(config)).at >= at;
}

static enum err
settle(const char *name, void *arg)
{
	const struct settling *settling = arg;
	int64_t at, again = 0;
	enum err rc;

	if (!token_id_valid(name))
		return ERR_OK;
	rc = read_time(settling, name, &at);
	if (rc == ERR_OK && at > 0 && !is_known(settling->config, name, at))
		rc = last_use_note(
		    settling->config, name, at, NULL, "", settling->why);
	if (rc == ERR_OK)
		rc = read_time(settling, name, &again);
	/* Another one since: the next sweep notes it. */
	if (rc != ERR_OK || again != at)
		return rc;
	return rundir_remove(settling->dir, name, settling->why);
}

enum err
unnoted_settle(const struct config *config, const char *run, struct error *why)
{
	struct settling settling = {.config = config, .why = why};
	enum err rc = rundir_open(
	    &settling.dir, run, RUNDIR_UNNOTED, RUNDIR_LOOK, why);

	if (rc == ERR_MISSING)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	rundir_sweep(settling.dir);
	rc = rundir_each(settling.dir, settle, &settling, why);
	(void)close(settling.dir);
	return rc;
}
