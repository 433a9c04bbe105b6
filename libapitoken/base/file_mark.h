/*
 * What stat(2) says of a file, to see later whether it is still the same one
 * with the same content. Kernels stamp a file when it is written or renamed, by
 * a clock with ticks of some milliseconds: a mark proves something only of a
 * file that was at rest for a while when it was taken (file_mark_was_at_rest).
 * So git calls an index entry racy that is as young as the index.
 *
 * What it cannot show: a write(2) that is under way has stamped the file
 * already, and its data may not be there yet; and a change by mmap(2) may be
 * stamped early, or not at all (tmpfs). Nothing of ours writes so, nor do
 * useradd(8), vipw(8) and their like: they rename.
 */
#ifndef APITOKEN_FILE_MARK_H
#define APITOKEN_FILE_MARK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct file_mark {
	bool exists;
	dev_t device;
	ino_t inode; /* alone it proves nothing: freed ones are used again */
	off_t size;
	mode_t mode;
	uid_t owner;
	gid_t group;
	struct timespec modified, changed;
};

enum file_mark_links {
	FILE_MARK_FOLLOW,
	FILE_MARK_NO_LINK
};

/*
 * Takes the mark of a regular file or directory, or that there is none. False
 * if it is neither, or cannot be known; also if path is a symbolic link, unless
 * it is to be followed, to mark what it leads to.
 */
bool file_mark_take(
    struct file_mark *mark, const char *path, enum file_mark_links links);

bool file_mark_equals(const struct file_mark *one, const struct file_mark *two);

/*
 * Whether nothing has changed the file in the last seconds before now (seconds
 * of CLOCK_REALTIME). Two are more than any stamp is coarse: ext4 with inodes
 * of 128 bytes has whole seconds. True of a file that does not exist.
 */
bool file_mark_was_at_rest(
    const struct file_mark *mark, int64_t now, int64_t seconds);

/*
 * Whether path is on a file system whose stamps were tried: ext4, xfs, btrfs,
 * tmpfs, overlayfs.
 */
bool file_mark_is_trusted(const char *path);

#endif
