/*
 * A mutex within a host that may have threads, and fork: a fork waits for who
 * has it, but not without end, so that a thread that hangs does not make the
 * host hang. A child that was forked in spite of one has lost it: what the
 * thread was at is as it was in that moment, for ever.
 */
#ifndef APITOKEN_FORK_MUTEX_H
#define APITOKEN_FORK_MUTEX_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* A plain mutex: a child could not unlock one that knows its owner's tid. */
struct fork_mutex {
	pthread_mutex_t mutex;
	_Atomic(const void *) forker; /* the forking thread that has it */
	atomic_bool is_stuck; /* a fork has waited in vain for who has it */
	atomic_bool is_lost;
};

#define FORK_MUTEX_NEW                                                         \
	{                                                                      \
		.mutex = PTHREAD_MUTEX_INITIALIZER                             \
	}

/* False: not before the deadline (deadline.h). */
bool fork_mutex_take(struct fork_mutex *mutex, int64_t deadline);

void fork_mutex_give_back(struct fork_mutex *mutex);

/*
 * What the handlers of pthread_atfork(3) call. The one in the child returns
 * whether the mutex was lost by this fork.
 */
void fork_mutex_before(struct fork_mutex *mutex);
void fork_mutex_in_parent(struct fork_mutex *mutex);
bool fork_mutex_in_child(struct fork_mutex *mutex);

/* Whether this process, or one that it descends from, has lost it. */
bool fork_mutex_is_lost(const struct fork_mutex *mutex);

#endif
