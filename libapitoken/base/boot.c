#include "base/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"

#define PATH "/proc/sys/kernel/random/boot_id"

static bool
is_uuid(const char *text)
{
	return strspn(text, "0123456789abcdef-") == BOOT_LEN &&
	    text[BOOT_LEN] == '\n';
}

enum err
boot_read(char boot[BOOT_LEN + 1], struct error *why)
{
	char text[BOOT_LEN + 2] = "";
	size_t len = 0;
	int fd = retry_openat(AT_FDCWD, PATH, O_RDONLY | O_CLOEXEC, 0);
	enum err rc;

	boot[0] = '\0';
	if (fd < 0)
		return error_set(
		    why, ERR_SYSTEM, PATH ": cannot open: %s", strerror(errno));
	rc = safe_read(fd, PATH, text, BOOT_LEN + 1, &len, why);
	if (rc == ERR_OK && (len != BOOT_LEN + 1 || !is_uuid(text)))
		rc = error_set(why, ERR_SYSTEM, PATH ": not understood");
	(void)close(fd);
	if (rc != ERR_OK)
		return rc;
	memcpy(boot, text, BOOT_LEN);
	boot[BOOT_LEN] = '\0';
	return ERR_OK;
}
