/*
 * Replaces the functions by which libtdb and repair write: ours count, fail, or
 * kill the process at the nth call; and those by which it reads: the nth fails,
 * or all from there on.
 */
#ifndef APITOKEN_DISK_H
#define APITOKEN_DISK_H

#include <stdbool.h>

/* What was counted, and what to do; 0 is never. */
struct disk {
	unsigned kill_at, fail_at;
	unsigned calls, syncs;
	int error; /* of the call that fails */
	unsigned reads, blind_at;
	bool blinks; /* only that read fails, and none after it */
};

extern struct disk disk;

#endif
