/*
 * System calls, repeated when a signal interrupts them: file systems may wait
 * for a network or a program, and hosts may set handlers without SA_RESTART.
 */
#ifndef APITOKEN_RETRY_H
#define APITOKEN_RETRY_H

#include <stddef.h>
#include <sys/types.h>

/* openat(2); mode matters with O_CREAT only. */
int retry_openat(int at, const char *path, int flags, mode_t mode);

/* read(2) of what there is, at most len bytes; 0 at the end. -1 with errno. */
ssize_t retry_read(int fd, void *bytes, size_t len);

/* pread(2) of up to len bytes, as many as there are. -1 with errno. */
ssize_t retry_pread(int fd, void *bytes, size_t len, off_t at);

/* Writes all of it. 0, or -1 with errno. */
int retry_write(int fd, const void *bytes, size_t len);

/* fsync(2), fdatasync(2), ftruncate(2) and flock(2) */
int retry_fsync(int fd);
int retry_fdatasync(int fd);
int retry_ftruncate(int fd, off_t len);
int retry_flock(int fd, int operation);

#endif
