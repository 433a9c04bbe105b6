/* Every way to change a file. */
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/random.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tries.h"

#define HELD 100 /* a descriptor for what is open before: see reopen */

static int
create(void)
{
	return outcome(open("new", O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int
append(void)
{
	int fd = open("file", O_WRONLY | O_APPEND);

	return fd < 0 ? errno : outcome(write(fd, "x", 1));
}

static int
overwrite(void)
{
	int fd = open("file", O_RDWR);

	return fd < 0 ? errno : outcome(pwrite(fd, "x", 1, 0));
}

static int
truncate_path(void)
{
	return outcome(truncate("file", 0));
}

static int
truncate_by_open(void)
{
	/* POSIX leaves this open; Linux does it. */
	return outcome(open("file", O_RDONLY | O_TRUNC));
}

static int
truncate_by_descriptor(void)
{
	int fd = open("file", O_WRONLY);

	return fd < 0 ? errno : outcome(ftruncate(fd, 0));
}

static int
remove_file(void)
{
	return outcome(unlink("file"));
}

static int
rename_file(void)
{
	return outcome(rename("file", "renamed"));
}

static int
rename_over(void)
{
	return outcome(rename("file", "other"));
}

static int
rename_directory(void)
{
	return outcome(rename("full", "moved"));
}

static int
exchange(void)
{
	return outcome(
	    renameat2(AT_FDCWD, "file", AT_FDCWD, "other", RENAME_EXCHANGE));
}

static int
make_directory(void)
{
	return outcome(mkdir("made", 0700));
}

static int
remove_directory(void)
{
	return outcome(rmdir("empty"));
}

static int
make_symlink(void)
{
	return outcome(symlink("file", "symlink"));
}

static int
make_link(void)
{
	return outcome(link("file", "link"));
}

static int
link_descriptor(void)
{
	char path[64];
	int fd = open("file", O_RDONLY);

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return outcome(
	    linkat(AT_FDCWD, path, AT_FDCWD, "link", AT_SYMLINK_FOLLOW));
}

static int
make_fifo(void)
{
	return outcome(mkfifo("made", 0600));
}

static int
make_node(void)
{
	return outcome(mknod("made", S_IFREG | 0600, 0));
}

static int
make_socket(void)
{
	struct sockaddr_un address = {AF_UNIX, "made"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return outcome(bind(fd, (struct sockaddr *)&address, sizeof(address)));
}

static int
unnamed_file(void)
{
	return outcome(open(".", O_TMPFILE | O_RDWR, 0600));
}

static int
write_to_fifo(void)
{
	/* Its reader is outside. */
	return outcome(open("fifo", O_WRONLY | O_NONBLOCK));
}

static int
change_mode(void)
{
	return outcome(chmod("file", 0640));
}

static int
change_mode_by_descriptor(void)
{
	return outcome(fchmod(open("file", O_RDONLY), 0640));
}

static int
change_mode_by_proc(void)
{
	char path[64];

	(void)snprintf(
	    path, sizeof(path), "/proc/self/fd/%d", open("file", O_PATH));
	return outcome(chmod(path, 0640));
}

static int
change_group(void)
{
	gid_t groups[64];
	int count = getgroups(64, groups);

	for (int i = 0; i < count; i++) {
		if (groups[i] != getegid())
			return outcome(chown("file", (uid_t)-1, groups[i]));
	}
	return ESRCH;
}

static int
change_times(void)
{
	static const struct timespec TIMES[2] = {{1, 0}, {1, 0}};

	return outcome(utimensat(AT_FDCWD, "file", TIMES, 0));
}

static int
change_times_by_descriptor(void)
{
	static const struct timespec TIMES[2] = {{1, 0}, {1, 0}};

	return outcome(futimens(open("file", O_RDONLY), TIMES));
}

static int
set_attribute(void)
{
	return outcome(setxattr("file", "user.new", "x", 1, 0));
}

static int
set_attribute_by_descriptor(void)
{
	return outcome(
	    fsetxattr(open("file", O_RDONLY), "user.new", "x", 1, 0));
}

static int
remove_attribute(void)
{
	return outcome(removexattr("file", "user.old"));
}

static int
set_flags(void)
{
	int fd = open("file", O_RDONLY), flags;

	/* What ext4 has already set decides how the file is stored. */
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0)
		return errno;
	flags |= FS_NODUMP_FL;
	return outcome(ioctl(fd, FS_IOC_SETFLAGS, &flags));
}

static int
allocate(void)
{
	int fd = open("file", O_WRONLY);

	return fd < 0 ? errno : outcome(fallocate(fd, 0, 0, 4096));
}

static int
copy_range(void)
{
	int from = open("other", O_RDONLY), to = open("file", O_WRONLY);

	return to < 0 ? errno
		      : outcome(copy_file_range(from, NULL, to, NULL, 1, 0));
}

static int
send_into(void)
{
	int from = open("other", O_RDONLY), to = open("file", O_WRONLY);

	return to < 0 ? errno : outcome(sendfile(to, from, NULL, 1));
}

static int
splice_into(void)
{
	int to = open("file", O_WRONLY), fds[2];

	if (to < 0 || pipe(fds) != 0 || write(fds[1], "x", 1) != 1)
		return errno;
	return outcome(splice(fds[0], NULL, to, NULL, 1, 0));
}

static int
map(void)
{
	int fd = open("file", O_RDWR);

	if (fd < 0)
		return errno;
	return mmap(NULL, 1, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED
	    ? errno
	    : 0;
}

/* Opened for reading, or with O_PATH, and then reopened for writing. */
static int
reopen(int flags)
{
	char path[64];
	int fd = open("file", flags);

	if (fd < 0)
		return errno;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return outcome(open(path, O_WRONLY));
}

static int
reopen_path(void)
{
	return reopen(O_PATH);
}

static int
reopen_read(void)
{
	return reopen(O_RDONLY);
}

/*
 * A descriptor that was opened for reading before the session. No session
 * starts with such a descriptor, so here it is missing.
 */
static int
reopen_held(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", HELD);
	return outcome(open(path, O_WRONLY));
}

static int
change_mode_of_held(void)
{
	return outcome(fchmod(HELD, 0640));
}

static int
write_proc(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	return fd < 0 ? errno : outcome(write(fd, "1000", 4));
}

static int
write_proc_outside(void)
{
	char path[64];
	int fd;

	(void)snprintf(
	    path, sizeof(path), "/proc/%d/oom_score_adj", outside_find().pid);
	fd = open(path, O_WRONLY);
	return fd < 0 ? errno : outcome(write(fd, "1000", 4));
}

/* A random(4) device that is not the system's. */
static int
control_device(void)
{
	int count, fd = open("/srv/random", O_RDONLY);

	return fd < 0 ? errno : outcome(ioctl(fd, RNDGETENTCNT, &count));
}

static int
write_to_device(void)
{
	return outcome(open("/srv/random", O_WRONLY));
}

/* Where anybody may. */
static int
create_in_tmp(void)
{
	char path[] = "/tmp/XXXXXX";

	return outcome(mkstemp(path));
}

static int
create_in_var_tmp(void)
{
	char path[] = "/var/tmp/XXXXXX";

	return outcome(mkstemp(path));
}

static int
create_in_shm(void)
{
	char path[] = "/dev/shm/XXXXXX";

	return outcome(mkstemp(path));
}

const struct try tries_files[] = {
    {"refused", "create", create},
    {"refused", "append", append},
    {"refused", "overwrite", overwrite},
    {"refused", "truncate", truncate_path},
    {"refused", "open with O_TRUNC", truncate_by_open},
    {"refused", "ftruncate", truncate_by_descriptor},
    {"refused", "unlink", remove_file},
    {"refused", "rename", rename_file},
    {"refused", "rename over a file", rename_over},
    {"refused", "rename a directory", rename_directory},
    {"refused", "exchange two files", exchange},
    {"refused", "mkdir", make_directory},
    {"refused", "rmdir", remove_directory},
    {"refused", "symlink", make_symlink},
    {"refused", "link", make_link},
    {"refused", "link of a descriptor", link_descriptor},
    {"refused", "mkfifo", make_fifo},
    {"refused", "mknod", make_node},
    {"refused", "bind a socket", make_socket},
    {"refused", "O_TMPFILE", unnamed_file},
    {"refused", "write to a FIFO", write_to_fifo},
    {"refused", "chmod", change_mode},
    {"refused", "fchmod", change_mode_by_descriptor},
    {"refused", "chmod of /proc/self/fd", change_mode_by_proc},
    {"refused", "chgrp", change_group},
    {"refused", "utimensat", change_times},
    {"refused", "futimens", change_times_by_descriptor},
    {"refused", "setxattr", set_attribute},
    {"refused", "fsetxattr", set_attribute_by_descriptor},
    {"refused", "removexattr", remove_attribute},
    {"refused", "FS_IOC_SETFLAGS", set_flags},
    {"refused", "fallocate", allocate},
    {"refused", "copy_file_range", copy_range},
    {"refused", "sendfile", send_into},
    {"refused", "splice", splice_into},
    {"refused", "mmap", map},
    {"refused", "O_PATH opened anew", reopen_path},
    {"refused", "O_RDONLY opened anew", reopen_read},
    {"refused", "a file open before, opened anew", reopen_held},
    {"refused", "chmod of a file open before", change_mode_of_held},
    {"refused", "/proc/self/oom_score_adj", write_proc},
    {"refused", "/proc/PID/oom_score_adj", write_proc_outside},
    {"refused", "ioctl of a device", control_device, 5},
    {"refused", "write to a device", write_to_device},
    {"refused", "create in /tmp", create_in_tmp},
    {"refused", "create in /var/tmp", create_in_var_tmp},
    {"refused", "create in /dev/shm", create_in_shm},
    {0},
};
