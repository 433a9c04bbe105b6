#include "door/door_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"
#include "store/lock.h"

static enum err
system_error(const char *path, const char *what, struct error *why)
{
	return error_set(
	    why, ERR_SYSTEM, "%s: cannot %s: %s", path, what, strerror(errno));
}

/* Everybody may enter the directory. */
static enum err
make_directory(const char *path, struct error *why)
{
	char directory[PATH_MAX];
	char *end;

	(void)snprintf(directory, sizeof(directory), "%s", path);
	end = strrchr(directory, '/'); /* an absolute path */
	*end = '\0';
	if (mkdir(directory, 0755) == 0) {
		/* Whatever the umask is. */
		if (chmod(directory, 0755) != 0)
			return system_error(directory, "chmod", why);
	} else if (errno != EEXIST) {
		return system_error(directory, "make the directory", why);
	}
	return safe_check_directory(directory, why);
}

/* A lock of root's alone: a user could hold one that he may open. */
static enum err
take_lock(const char *path, int *lock, struct error *why)
{
	char name[PATH_MAX];
	enum err rc;

	(void)snprintf(name, sizeof(name), "%s.lock", path);
	rc = lock_create(name, why);
	if (rc == ERR_OK)
		rc = safe_open(name, O_RDWR, SAFE_PRIVATE, lock, why);
	if (rc != ERR_OK)
		return rc;
	if (retry_flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	if (errno == EWOULDBLOCK)
		return error_set(
		    why, ERR_EXISTS, "%s: a door is open there already", path);
	return system_error(name, "lock", why);
}

static enum err
listen_at(const char *path, mode_t mode, int *fd, struct error *why)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	strcpy(address.sun_path, path); /* CONFIG_SOCKET_MAX */
	if (unlink(path) != 0 && errno != ENOENT)
		return system_error(path, "remove the old socket", why);
	*fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0 ||
	    bind(*fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    chmod(path, mode) != 0 || listen(*fd, SOMAXCONN) != 0)
		return system_error(path, "listen", why);
	return ERR_OK;
}

enum err
door_socket_open(
    const char *path, mode_t mode, int *fd, int *lock, struct error *why)
{
	enum err rc;

	*fd = -1;
	*lock = -1;
	rc = make_directory(path, why);
	if (rc == ERR_OK)
		rc = take_lock(path, lock, why);
	if (rc == ERR_OK)
		rc = listen_at(path, mode, fd, why);
	if (rc == ERR_OK)
		return rc;
	if (*fd >= 0)
		(void)close(*fd);
	if (*lock >= 0)
		(void)close(*lock);
	return rc;
}
