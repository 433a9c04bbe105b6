#include "lifecycle/beat_mark.h"

#include <unistd.h>

#include "session/rundir.h"

#define NAME "beat" /* no token's id, which the files beside it have */

int64_t
beat_mark_read(const char *run)
{
	int64_t at = 0;
	size_t len = 0;
	int dir;

	if (rundir_open(&dir, run, RUNDIR_UNNOTED, RUNDIR_LOOK, NULL) != ERR_OK)
		return 0;
	if (rundir_read(dir, NAME, (uint8_t *)&at, sizeof(at), &len, NULL) !=
		ERR_OK ||
	    len != sizeof(at) || at < 0)
		at = 0;
	(void)close(dir);
	return at;
}

void
beat_mark_write(const char *run, int64_t at)
{
	int dir;

	if (rundir_open(&dir, run, RUNDIR_UNNOTED, RUNDIR_MAKE, NULL) != ERR_OK)
		return;
	(void)rundir_write(dir, NAME, (const uint8_t *)&at, sizeof(at), NULL);
	(void)close(dir);
}
