/* Without this, libc would replace these functions by checked ones. */
#undef _FORTIFY_SOURCE

#include "disk.h"

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

struct disk disk;

/* Counts a call; true if it must fail. */
static bool
count_call(void)
{
	disk.calls++;
	if (disk.calls == disk.kill_at)
		(void)raise(SIGKILL);
	if (disk.calls != disk.fail_at)
		return false;
	errno = disk.error;
	return true;
}

#define REAL(type, name) ((type)(uintptr_t)dlsym(RTLD_NEXT, name))

typedef ssize_t pread_function(int, void *, size_t, off_t);
typedef ssize_t pwrite_function(int, const void *, size_t, off_t);
typedef ssize_t write_function(int, const void *, size_t);
typedef int truncate_function(int, off_t);
typedef int sync_function(int);
typedef int msync_function(void *, size_t, int);
typedef int two_paths_function(const char *, const char *);

EXPORTED ssize_t
pread(int fd, void *bytes, size_t len, off_t at)
{
	disk.reads++;
	if (disk.reads == disk.blind_at ||
	    (disk.blind_at != 0 && disk.reads > disk.blind_at &&
		!disk.blinks)) {
		errno = EIO;
		return -1;
	}
	return REAL(pread_function *, "pread")(fd, bytes, len, at);
}

EXPORTED ssize_t
pread64(int fd, void *bytes, size_t len, off64_t at)
{
	return pread(fd, bytes, len, at);
}

EXPORTED ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	if (count_call())
		return -1;
	return REAL(pwrite_function *, "pwrite")(fd, bytes, len, at);
}

EXPORTED ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	return pwrite(fd, bytes, len, at);
}

EXPORTED ssize_t
write(int fd, const void *bytes, size_t len)
{
	if (count_call())
		return -1;
	return REAL(write_function *, "write")(fd, bytes, len);
}

EXPORTED int
ftruncate(int fd, off_t len)
{
	if (count_call())
		return -1;
	return REAL(truncate_function *, "ftruncate")(fd, len);
}

EXPORTED int
ftruncate64(int fd, off64_t len)
{
	return ftruncate(fd, len);
}

EXPORTED int
fsync(int fd)
{
	disk.syncs++;
	if (count_call())
		return -1;
	return REAL(sync_function *, "fsync")(fd);
}

EXPORTED int
fdatasync(int fd)
{
	disk.syncs++;
	if (count_call())
		return -1;
	return REAL(sync_function *, "fdatasync")(fd);
}

EXPORTED int
msync(void *start, size_t len, int flags)
{
	disk.syncs++;
	if (count_call())
		return -1;
	return REAL(msync_function *, "msync")(start, len, flags);
}

EXPORTED int
link(const char *from, const char *to)
{
	if (count_call())
		return -1;
	return REAL(two_paths_function *, "link")(from, to);
}

EXPORTED int
rename(const char *from, const char *to)
{
	if (count_call())
		return -1;
	return REAL(two_paths_function *, "rename")(from, to);
}
