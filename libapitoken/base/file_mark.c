#include "base/file_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

bool
file_mark_take(
    struct file_mark *mark, const char *path, enum file_mark_links links)
{
	int flags = links == FILE_MARK_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW;
	struct stat st;

	*mark = (struct file_mark){.exists = false};
	if (fstatat(AT_FDCWD, path, &st, flags) != 0)
		return errno == ENOENT;
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return false;
	*mark = (struct file_mark){
	    .exists = true,
	    .device = st.st_dev,
	    .inode = st.st_ino,
	    .size = st.st_size,
	    .mode = st.st_mode,
	    .owner = st.st_uid,
	    .group = st.st_gid,
	    .modified = st.st_mtim,
	    .changed = st.st_ctim,
	};
	return true;
}

static bool
is_same_time(const struct timespec *one, const struct timespec *two)
{
	return one->tv_sec == two->tv_sec && one->tv_nsec == two->tv_nsec;
}

bool
file_mark_equals(const struct file_mark *one, const struct file_mark *two)
{
	return one->exists == two->exists && one->device == two->device &&
	    one->inode == two->inode && one->size == two->size &&
	    one->mode == two->mode && one->owner == two->owner &&
	    one->group == two->group &&
	    is_same_time(&one->modified, &two->modified) &&
	    is_same_time(&one->changed, &two->changed);
}

bool
file_mark_was_at_rest(
    const struct file_mark *mark, int64_t now, int64_t seconds)
{
	return !mark->exists ||
	    (mark->changed.tv_sec + seconds < now &&
		mark->modified.tv_sec + seconds < now);
}

bool
file_mark_is_trusted(const char *path)
{
	struct statfs fs;

	if (statfs(path, &fs) != 0)
		return false;
	switch ((uint32_t)fs.f_type) {
	case EXT4_SUPER_MAGIC:
	case XFS_SUPER_MAGIC:
	case BTRFS_SUPER_MAGIC:
	case TMPFS_MAGIC:
	case OVERLAYFS_SUPER_MAGIC:
		return true;
	default:
		return false;
	}
}
