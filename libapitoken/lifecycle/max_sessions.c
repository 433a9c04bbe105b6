#include "lifecycle/max_sessions.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "session/rundir.h"
#include "store/lock.h"

#define LOCK "sessions.lock"

/* The file is made by the first, and stays. */
static enum err
acquire(struct lock *lock, const char *run, int64_t deadline, struct error *why)
{
	char path[PATH_MAX];
	int dir = -1;
	enum err rc;

	if (snprintf(path, sizeof(path), "%s/" LOCK, run) >= (int)sizeof(path))
		return error_set(why, ERR_INVALID, "%s: too long", run);
	rc = rundir_open(&dir, run, RUNDIR_SESSIONS, RUNDIR_MAKE, why);
	if (rc != ERR_OK)
		return rc;
	(void)close(dir);
	rc = lock_create(path, why);
	return rc == ERR_OK
	    ? lock_acquire(lock, path, LOCK_EXCLUSIVE, deadline, why)
	    : rc;
}

static enum err
enter_below(
    const char *run, struct session *session, uint32_t max, struct error *why)
{
	uint32_t live = 0;
	enum err rc = session_count(run, session->id, &live, why);

	if (rc == ERR_OK && live >= max)
		rc = error_set(why, ERR_POLICY,
		    "%lu sessions of %s are open, and it may have %lu",
		    (unsigned long)live, session->id, (unsigned long)max);
	return rc == ERR_OK ? session_enter(run, session, why) : rc;
}

enum err
max_sessions_enter(const char *run, struct session *session, uint32_t max,
    int64_t deadline, struct error *why)
{
	struct lock lock;
	enum err rc;

	if (max == 0)
		return session_enter(run, session, why);
	rc = acquire(&lock, run, deadline, why);
	if (rc != ERR_OK)
		return rc;
	rc = enter_below(run, session, max, why);
	lock_release(&lock);
	return rc;
}
