#include "store/key.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"

enum err
key_read(const char *path, struct keys *keys, struct error *why)
{
	uint8_t master[CRYPTO_KEY_LEN];
	size_t len = 0;
	int fd = -1;
	enum err rc;

	rc = safe_open(path, O_RDONLY, SAFE_PRIVATE, &fd, why);
	if (rc != ERR_OK)
		goto out;
	rc = safe_read(fd, path, master, sizeof(master), &len, why);
	if (rc != ERR_OK)
		goto out;
	if (len != sizeof(master)) {
		rc = error_set(why, ERR_DAMAGED,
		    "%s: not a key of %d bytes; restore it from your copy",
		    path, CRYPTO_KEY_LEN);
		goto out;
	}
	crypto_subkey(keys->digest, CRYPTO_USE_DIGEST, master);
	crypto_subkey(keys->record, CRYPTO_USE_RECORD, master);
	crypto_subkey(keys->handoff, CRYPTO_USE_HANDOFF, master);
	crypto_subkey(keys->backup, CRYPTO_USE_BACKUP, master);
	rc = ERR_OK;
out:
	crypto_wipe(master, sizeof(master));
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/* Writes the key under a temporary name and flushes it. */
static enum err
write_new(const char *path, struct error *why)
{
	uint8_t master[CRYPTO_KEY_LEN];
	enum err rc = crypto_random(master, sizeof(master));
	int fd, failed;

	if (rc != ERR_OK)
		return error_plain(why, rc);
	fd = retry_openat(AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    S_IRUSR | S_IWUSR);
	if (fd < 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot create: %s", path,
		    strerror(errno));
	failed = retry_write(fd, master, sizeof(master)) != 0 ||
	    retry_fsync(fd) != 0;
	crypto_wipe(master, sizeof(master));
	(void)close(fd);
	if (!failed)
		return ERR_OK;
	(void)error_set(
	    why, ERR_SYSTEM, "%s: cannot write: %s", path, strerror(errno));
	(void)unlink(path);
	return ERR_SYSTEM;
}

enum err
key_create(const char *path, struct error *why)
{
	char fresh[PATH_MAX];
	enum err rc;

	if (snprintf(fresh, sizeof(fresh), "%s.new", path) >=
	    (int)sizeof(fresh))
		return error_set(why, ERR_INVALID, "%s: too long", path);
	/* Left by a killed init; nothing uses that key. */
	(void)unlink(fresh);
	rc = write_new(fresh, why);
	if (rc != ERR_OK)
		return rc;
	/* link, not rename: it fails where a key is there already. */
	if (link(fresh, path) != 0)
		rc = error_set(why, errno == EEXIST ? ERR_EXISTS : ERR_SYSTEM,
		    "%s: cannot create: %s", path, strerror(errno));
	(void)unlink(fresh);
	return rc == ERR_OK ? safe_sync_directory_of(path, why) : rc;
}
