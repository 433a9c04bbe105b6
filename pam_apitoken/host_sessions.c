#include "host_sessions.h"

#include <dirent.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/parse.h"

/*
 * The pid in the upper half, and in the lower one how many sessions it has
 * opened: a fork has a pid of its own, and has opened none.
 */
static atomic_uint_fast64_t counted;

static uint32_t
count_of(uint_fast64_t value)
{
	return value >> 32 == (uint_fast64_t)getpid() ? (uint32_t)value : 0;
}

void
host_count_session(void)
{
	uint_fast64_t old = atomic_load(&counted), new;

	do {
		uint32_t count = count_of(old);

		if (count < UINT32_MAX)
			count++;
		new = (uint_fast64_t)getpid() << 32 | count;
	} while (!atomic_compare_exchange_weak(&counted, &old, new));
}

bool
host_has_many(void)
{
	return count_of(atomic_load(&counted)) > 1;
}

static bool
is_listening(int fd)
{
	int listens = 0;
	socklen_t len = sizeof(listens);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) == 0 &&
	    listens != 0;
}

bool
host_may_be_shared(void)
{
	DIR *entries;
	const struct dirent *entry;
	bool found = host_has_many();

	if (found)
		return true;
	entries = opendir("/proc/self/fd");
	if (entries == NULL)
		return true;
	while (!found && (entry = readdir(entries)) != NULL) {
		uint64_t fd;

		found = parse_number(entry->d_name, INT32_MAX, &fd) &&
		    is_listening((int)fd);
	}
	(void)closedir(entries);
	return found;
}
