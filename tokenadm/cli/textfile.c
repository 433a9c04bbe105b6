#include "cli/textfile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *
textfile_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	FILE *file = NULL;
	struct stat status;

	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		file = fdopen(fd, "r");
	if (file == NULL && fd >= 0)
		(void)close(fd);
	return file;
}
