/*
 * The store's lock. libtdb's own locks wait without bound, so it is opened
 * without them, under this one.
 *
 * It is an open file description lock (F_OFD_SETLK, fcntl(2)) on a file that is
 * never replaced, tried until a deadline. Byte 0 is a gate, byte 1 the lock
 * proper. A writer closes the gate and then waits for the readers inside, so
 * that a stream of readers cannot keep it out.
 *
 * Within a process it is also a mutex, since libtdb cannot open one file twice:
 * only the holder of the mutex has the lock, and a database open. A fork waits
 * for it, so that no child inherits either.
 */
#ifndef APITOKEN_LOCK_H
#define APITOKEN_LOCK_H

#include <stdint.h>

#include "base/error.h"

enum lock_mode {
	LOCK_SHARED,    /* for reading */
	LOCK_EXCLUSIVE, /* for writing */
};

struct lock {
	int fd;
	int cancel; /* whether the thread could be cancelled before */
};

/* Creates the lock file unless it exists. ERR_UNSAFE, ERR_SYSTEM. */
enum err lock_create(const char *path, struct error *why);

/*
 * Takes the lock on the file at path, which must exist.
 * ERR_BUSY at the deadline, ERR_MISSING, ERR_UNSAFE, ERR_SYSTEM.
 */
enum err lock_acquire(struct lock *lock, const char *path, enum lock_mode mode,
    int64_t deadline, struct error *why);

/* Releases the lock. */
void lock_release(struct lock *lock);

#endif
