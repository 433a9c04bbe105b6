#include "base/retry.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int
retry_openat(int at, const char *path, int flags, mode_t mode)
{
	return (int)TEMP_FAILURE_RETRY(openat(at, path, flags, mode));
}

ssize_t
retry_read(int fd, void *bytes, size_t len)
{
	return TEMP_FAILURE_RETRY(read(fd, bytes, len));
}

int
retry_write(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t put = write(fd, at, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		at += put;
		len -= (size_t)put;
	}
	return 0;
}

ssize_t
retry_pread(int fd, void *bytes, size_t len, off_t at)
{
	char *to = bytes;
	size_t have = 0;

	while (have < len) {
		ssize_t got = pread(
		    fd, to + have, len - have, at + (off_t)have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

int
retry_fsync(int fd)
{
	return (int)TEMP_FAILURE_RETRY(fsync(fd));
}

int
retry_fdatasync(int fd)
{
	return (int)TEMP_FAILURE_RETRY(fdatasync(fd));
}

int
retry_ftruncate(int fd, off_t len)
{
	return (int)TEMP_FAILURE_RETRY(ftruncate(fd, len));
}

int
retry_flock(int fd, int operation)
{
	return (int)TEMP_FAILURE_RETRY(flock(fd, operation));
}
