#include "pam/pam_version.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIBRARY "libpam.so.0"

/*
 * The library has no version in it, and exports the same before and after. This
 * is what it logs about too many includes; 1.6 says "of inclusions".
 */
#define MESSAGE "maximum level of substacks reached"

static bool
holds_message(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *bytes = MAP_FAILED;
	size_t size = 0;
	bool found = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && status.st_size > 0) {
		size = (size_t)status.st_size;
		bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	(void)close(fd);
	if (bytes != MAP_FAILED) {
		found = memmem(bytes, size, MESSAGE, strlen(MESSAGE)) != NULL;
		(void)munmap(bytes, size);
	}
	return found;
}

static bool
find_out(void)
{
	void *library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
	struct link_map *map = NULL;
	bool is_1_5 = false;

	if (library == NULL)
		return false;
	if (dlinfo(library, RTLD_DI_LINKMAP, (void *)&map) == 0)
		is_1_5 = holds_message(map->l_name);
	(void)dlclose(library);
	return is_1_5;
}

bool
pam_is_1_5(void)
{
	static bool is_known, is_1_5;

	if (!is_known) {
		is_1_5 = find_out();
		is_known = true;
	}
	return is_1_5;
}
