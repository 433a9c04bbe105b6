/* Inspects a traced process that is stopped. */
#ifndef TESTS_POWER_PEEK_H
#define TESTS_POWER_PEEK_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads its memory: up to size bytes, fewer if it ends there; and writes it. */
size_t peek_bytes(pid_t pid, uint64_t address, void *to, size_t size);
void peek_overwrite(pid_t pid, uint64_t address, const void *from, size_t size);

/*
 * The path at an address, relative to the directory at unless it is absolute.
 */
void peek_path(pid_t pid, uint64_t at, uint64_t address, char path[PATH_MAX]);

/* The offset of a descriptor in its file. */
size_t peek_position(pid_t pid, uint64_t fd);

#endif
