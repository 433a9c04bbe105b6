#include "base/fork_mutex.h"

#include "base/deadline.h"

#define PATIENCE 1000 /* ms that a fork of the host waits for a thread */

/* Its address stands for the thread: in a child, too, where tids differ. */
static _Thread_local char self;

bool
fork_mutex_take(struct fork_mutex *mutex, int64_t deadline)
{
	struct timespec until = deadline_timespec(deadline);

	return pthread_mutex_clocklock(
		   &mutex->mutex, CLOCK_MONOTONIC, &until) == 0;
}

void
fork_mutex_give_back(struct fork_mutex *mutex)
{
	mutex->is_stuck = false;
	(void)pthread_mutex_unlock(&mutex->mutex);
}

/* If an earlier fork lost the mutex, nobody will give it back. */
void
fork_mutex_before(struct fork_mutex *mutex)
{
	bool is_mine;

	if (mutex->is_lost || mutex->forker == &self)
		return;
	/* Not each fork is to be late because of one that hangs. */
	is_mine = fork_mutex_take(
	    mutex, deadline_in(mutex->is_stuck ? 0 : PATIENCE));
	if (is_mine)
		mutex->forker = &self;
	mutex->is_stuck = !is_mine;
}

void
fork_mutex_in_parent(struct fork_mutex *mutex)
{
	if (mutex->forker != &self)
		return;
	mutex->forker = NULL;
	fork_mutex_give_back(mutex);
}

bool
fork_mutex_in_child(struct fork_mutex *mutex)
{
	bool is_lost = !mutex->is_lost && mutex->forker != &self;

	if (is_lost) {
		mutex->is_lost = true;
		mutex->forker = NULL; /* that thread is not here */
	}
	fork_mutex_in_parent(mutex);
	return is_lost;
}

bool
fork_mutex_is_lost(const struct fork_mutex *mutex)
{
	return mutex->is_lost;
}
