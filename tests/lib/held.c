#include "held.h"

#include <stdbool.h>

#include "store/lock.h"

enum err __real_lock_acquire(struct lock *lock, const char *path,
    enum lock_mode mode, int64_t deadline, struct error *why)
    __attribute__((weak));
void __real_lock_release(struct lock *lock) __attribute__((weak));
enum err __wrap_lock_acquire(struct lock *lock, const char *path,
    enum lock_mode mode, int64_t deadline, struct error *why);
void __wrap_lock_release(struct lock *lock);

/* A copy: the test's own may be on a stack that is gone. */
static struct lock held;
static bool is_held; /* changed only by the holder of the lock's mutex */

enum err
__wrap_lock_acquire(struct lock *lock, const char *path, enum lock_mode mode,
    int64_t deadline, struct error *why)
{
	enum err rc = __real_lock_acquire(lock, path, mode, deadline, why);

	if (rc == ERR_OK) {
		held = *lock;
		is_held = true;
	}
	return rc;
}

void
__wrap_lock_release(struct lock *lock)
{
	/* As if held_release had given it back. */
	if (lock->fd < 0 || !is_held || lock->fd != held.fd)
		return;
	is_held = false;
	__real_lock_release(lock);
}

void
held_release(void)
{
	if (is_held)
		__wrap_lock_release(&held);
}
