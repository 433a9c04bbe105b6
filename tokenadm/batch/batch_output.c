#include "batch/batch_output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"

static enum err
failed(const struct output *output, const char *what, struct error *why)
{
	return error_set(why, ERR_SYSTEM, "%s: cannot %s: %s",
	    output->path != NULL ? output->path : "standard output", what,
	    strerror(errno));
}

static enum err
lock(const struct output *output, struct error *why)
{
	if (retry_flock(output->fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	if (errno != EWOULDBLOCK)
		return failed(output, "lock", why);
	return error_set(why, ERR_BUSY,
	    "%s: another tokenadm is writing to it; wait for that one",
	    output->path);
}

enum err
output_open(
    struct output *output, const char *path, bool is_short, struct error *why)
{
	struct stat st;
	enum err rc;

	*output = (struct output){
	    .path = path,
	    .fd = -1,
	    .line = is_short ? OUTPUT_LINE_SHORT : OUTPUT_LINE,
	};
	if (path == NULL) {
		output->fd = STDOUT_FILENO;
		return ERR_OK;
	}
	rc = safe_open(path, O_RDWR, SAFE_PRIVATE, &output->fd, why);
	if (rc == ERR_MISSING)
		return ERR_OK;
	if (rc == ERR_OK)
		rc = lock(output, why);
	if (rc != ERR_OK)
		return rc;
	if (fstat(output->fd, &st) != 0)
		return failed(output, "stat", why);
	output->size = (size_t)st.st_size;
	return ERR_OK;
}

enum err
output_read(const struct output *output, size_t offset, char *bytes,
    size_t size, size_t *len, struct error *why)
{
	ssize_t got;

	*len = 0;
	while (*len < size) {
		got = pread(output->fd, bytes + *len, size - *len,
		    (off_t)(offset + *len));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failed(output, "read", why);
		if (got == 0)
			break;
		*len += (size_t)got;
	}
	return ERR_OK;
}

static enum err
create(struct output *output, struct error *why)
{
	enum err rc;

	output->fd = retry_openat(AT_FDCWD, output->path,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    S_IRUSR | S_IWUSR);
	if (output->fd < 0)
		return failed(output, "create", why);
	rc = lock(output, why);
	return rc == ERR_OK ? safe_sync_directory_of(output->path, why) : rc;
}

enum err
output_start(struct output *output, size_t lines, struct error *why)
{
	if (output->path == NULL)
		return ERR_OK;
	if (output->fd < 0)
		return create(output, why);
	output->size = lines * output->line;
	if (retry_ftruncate(output->fd, (off_t)output->size) != 0 ||
	    lseek(output->fd, (off_t)output->size, SEEK_SET) < 0)
		return failed(output, "cut", why);
	/* A run that created it may have been killed before this. */
	return safe_sync_directory_of(output->path, why);
}

/* Syncs to disk; a pipe or terminal has none. */
static enum err
sync_output(const struct output *output, struct error *why)
{
	if (retry_fsync(output->fd) == 0 || errno == EINVAL || errno == EROFS ||
	    errno == ENOTSUP)
		return ERR_OK;
	return failed(output, "sync", why);
}

static enum err
write_all(struct output *output, const char *at, size_t left, struct error *why)
{
	while (left > 0) {
		ssize_t put = write(output->fd, at, left);

		if (put < 0)
			return failed(output, "write", why);
		at += put;
		left -= (size_t)put;
	}
	return sync_output(output, why);
}

enum err
output_write(
    struct output *output, char *tokens, size_t count, struct error *why)
{
	size_t line = output->line;
	enum err rc;

	for (size_t i = 1; i <= count; i++)
		tokens[i * line - 1] = '\n';
	rc = write_all(output, tokens, count * line, why);
	for (size_t i = 1; i <= count; i++)
		tokens[i * line - 1] = '\0';
	return rc;
}

void
output_keep(struct output *output, size_t lines)
{
	output->size += lines * output->line;
}

void
output_undo(struct output *output)
{
	/* If truncating fails, void tokens are left, as after a crash. */
	if (output->path != NULL && output->fd >= 0)
		(void)!retry_ftruncate(output->fd, (off_t)output->size);
}

void
output_close(struct output *output)
{
	if (output->path != NULL && output->fd >= 0)
		(void)close(output->fd);
	output->fd = -1;
}
