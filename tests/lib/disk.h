/*
 * The functions by which libtdb and repair write, replaced by ours, which
 * count, fail, or kill the process at the nth call; and those by which it
 * reads, of which the nth fails, or all from there on.
 */
#ifndef APITOKEN_DISK_H
#define APITOKEN_DISK_H

#include <stdbool.h>

/* What has been seen, and what to do; 0 is never. */
struct disk {
	unsigned kill_at, fail_at;
	unsigned calls, syncs;
	int error; /* of the call that fails */
	unsigned reads, blind_at;
	bool blinks; /* that one read fails, and none after it */
};

extern struct disk disk;

#endif
