/*
 * The functions by which libtdb writes, replaced by ours, which count, fail, or
 * kill the process at the nth call; and those by which it reads, which fail
 * from the nth call on.
 */
#ifndef APITOKEN_DISK_H
#define APITOKEN_DISK_H

/* What has been seen, and what to do; 0 is never. */
struct disk {
	unsigned kill_at, fail_at;
	unsigned calls, syncs;
	int error; /* of the call that fails */
	unsigned reads, blind_at;
};

extern struct disk disk;

#endif
