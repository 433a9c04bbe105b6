#include "peek.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Its memory; opened each time, since execve replaces it. */
static int
open_memory(pid_t pid)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

size_t
peek_bytes(pid_t pid, uint64_t address, void *to, size_t size)
{
	int fd = open_memory(pid);
	ssize_t got = pread(fd, to, size, (off_t)address);

	(void)close(fd);
	return got < 0 ? 0 : (size_t)got;
}

void
peek_overwrite(pid_t pid, uint64_t address, const void *from, size_t size)
{
	int fd = open_memory(pid);

	if (pwrite(fd, from, size, (off_t)address) != (ssize_t)size)
		err(2, "memory of %d", (int)pid);
	(void)close(fd);
}

static void
read_text(pid_t pid, uint64_t address, char text[PATH_MAX])
{
	text[peek_bytes(pid, address, text, PATH_MAX - 1)] = '\0';
}

void
peek_path(pid_t pid, uint64_t at, uint64_t address, char path[PATH_MAX])
{
	char given[PATH_MAX], link[64], directory[PATH_MAX];
	ssize_t len;

	read_text(pid, address, given);
	if (given[0] == '/') {
		strcpy(path, given);
		return;
	}
	if ((int)at == AT_FDCWD)
		(void)snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
	else
		(void)snprintf(
		    link, sizeof(link), "/proc/%d/fd/%d", (int)pid, (int)at);
	len = readlink(link, directory, sizeof(directory) - 1);
	directory[len < 0 ? 0 : len] = '\0';
	if (snprintf(path, PATH_MAX, "%s/%s", directory, given) >= PATH_MAX)
		errx(2, "%s: too long", given);
}

size_t
peek_position(pid_t pid, uint64_t fd)
{
	char path[64], line[64];
	FILE *info;

	(void)snprintf(
	    path, sizeof(path), "/proc/%d/fdinfo/%d", (int)pid, (int)fd);
	info = fopen(path, "re");
	if (info == NULL || fgets(line, sizeof(line), info) == NULL ||
	    strncmp(line, "pos:", 4) != 0)
		errx(2, "%s: no position", path);
	(void)fclose(info);
	return (size_t)strtoull(line + 4, NULL, 10);
}
